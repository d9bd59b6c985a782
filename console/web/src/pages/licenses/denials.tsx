import { useQuery } from '@tanstack/react-query';
import { licenses } from '../../api/client';
import { CALM } from '../../api/queries';
import { Bars } from '../../components/bars';
import { Empty, Of } from '../../components/states';
import { hourly } from './hourly';

const reasons = [
  { name: 'no-license', label: 'No licence left', color: '--tone-wait' },
  { name: 'expired', label: 'Purchase expired', color: '--tone-bad' },
  { name: 'nothing-activated', label: 'Nothing activated', color: '--tone-off' },
];

/** Sessions that were refused, by the hour or, over a week, by the quarter of a day. */
export function Denials({ hours }: { hours: number }) {
  const denials = useQuery({
    queryKey: ['denials', hours],
    queryFn: async () => (await licenses.GET('/api/v1/denials', { params: { query: { hours } } })).data!,
    refetchInterval: CALM,
    placeholderData: (before) => before,
  });
  return (
    <Of query={denials} what="refusals" rows={5}>
      {(found) =>
        found.total === 0 ? (
          <Empty title="No session was refused">In the last {hours === 24 ? '24 hours' : '7 days'} every session got its licence.</Empty>
        ) : (
          <Bars
            label={`${found.total} sessions were refused in the last ${hours} hours`}
            of="From"
            data={hourly(found, hours === 24 ? 1 : 6)}
            series={reasons.filter((reason) => found.items.some((item) => item.reason === reason.name))}
          />
        )
      }
    </Of>
  );
}
