import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { agents } from '../../api/client';
import { CALM } from '../../api/queries';
import { Section } from '../../components/page';
import { Of } from '../../components/states';
import { Status } from '../../components/status';
import { TextLink } from '../../components/text-link';

/** Grace that is left, in bands. */
export function AgentsNow() {
  const grace = useQuery({
    queryKey: ['agents', 'grace-summary'],
    queryFn: async ({ signal }) => (await agents.GET('/api/v1/grace-summary', { signal })).data!,
    refetchInterval: CALM,
  });
  return (
    <Section title="Agents">
      <Of query={grace} what="agents" rows={4}>
        {({ agents: all, licensed, inGrace, expired, neverLicensed, remaining }) => {
          if (all === 0) {
            return (
              <Text size="sm" c="dimmed">
                None is known yet: agents appear with their first session.
              </Text>
            );
          }
          const most = Math.max(1, ...remaining.map((band) => band.agents));
          return (
            <>
              <div className="figure">{all.toLocaleString()}</div>
              <ul className="legend">
                <li>
                  <Status word="licensed" label={`${licensed.toLocaleString()} licensed`} />
                </li>
                <li>
                  <Status word="in-grace" tone={inGrace > 0 ? 'wait' : 'off'} label={`${inGrace.toLocaleString()} in grace`} />
                </li>
                <li>
                  <Status word="expired" tone={expired > 0 ? 'bad' : 'off'} label={`${expired.toLocaleString()} expired`} />
                </li>
                <li>
                  <Status word="never-licensed" label={`${neverLicensed.toLocaleString()} never licensed`} />
                </li>
              </ul>
              {inGrace > 0 && (
                <ul className="histogram" aria-label="Agents in grace by the time that they have left">
                  {remaining.map((band, at) => (
                    <li key={band.belowHours}>
                      <span>
                        {band.agents.toLocaleString()}
                        <span className="visually-hidden"> agents have</span>
                      </span>
                      <span
                        className="bar"
                        aria-hidden
                        data-none={band.agents === 0 || undefined}
                        data-tone={at < 2 ? 'bad' : at < 3 ? 'wait' : undefined}
                        style={{ height: `${(100 * band.agents) / most}%` }}
                      />
                      <span>
                        {span(remaining[at - 1]?.belowHours, band.belowHours)}
                        <span className="visually-hidden"> left</span>
                      </span>
                    </li>
                  ))}
                </ul>
              )}
              <Text size="xs" c="dimmed" mt="xs">
                {inGrace > 0 ? 'Grace left of those that cannot validate now.' : 'None lives on grace.'}{' '}
                <TextLink to="/agents">See the agents</TextLink>
              </Text>
            </>
          );
        }}
      </Of>
    </Section>
  );
}

/** Hours between two bounds, in days where they are whole days. */
function span(from: number | undefined, to: number): string {
  if (from === undefined) return `< ${to} h`;
  return to <= 24 ? `${from}–${to} h` : `${from / 24}–${to / 24} d`;
}
