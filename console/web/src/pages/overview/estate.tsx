import { Anchor, Text } from '@mantine/core';
import { Link } from 'react-router';
import { count } from '../../components/count';
import { Section } from '../../components/page';
import { Of } from '../../components/states';
import { Status } from '../../components/status';
import { TextLink } from '../../components/text-link';
import { useEstate } from '../../estate/queries';
import { hostStatuses, productTitle } from '../../estate/words';

export function HostsNow() {
  const estate = useEstate();
  return (
    <Section title="Hosts">
      <Of query={estate} what="hosts" rows={4}>
        {({ hosts, hostsByStatus, keysWaiting, clocksOff }) => {
          const shown = hostStatuses.filter((s) => s.value !== 'retired').map((s) => ({ ...s, hosts: hostsByStatus[s.value] ?? 0 }));
          return hosts === 0 ? (
            <Text size="sm" c="dimmed">
              There are none yet. <TextLink to="/hosts">Register or import them</TextLink>.
            </Text>
          ) : (
            <>
              <div className="figure">{hosts.toLocaleString()}</div>
              <div className="meter" role="img" aria-label={shown.map((s) => `${s.hosts} ${s.label.toLowerCase()}`).join(', ')}>
                {shown
                  .filter((s) => s.hosts > 0)
                  .map((s) => (
                    <span key={s.value} data-tone={s.tone} style={{ flex: s.hosts }} />
                  ))}
              </div>
              <ul className="legend">
                {shown.map((s) => (
                  <li key={s.value}>
                    <Anchor component={Link} to={`/hosts?status=${s.value}`} size="sm">
                      <Status word={s.value} tone={s.hosts > 0 ? s.tone : 'off'} label={`${s.hosts.toLocaleString()} ${s.label.toLowerCase()}`} />
                    </Anchor>
                  </li>
                ))}
              </ul>
              <Text size="sm" c="dimmed" mt="xs">
                {count(keysWaiting, 'key')} {keysWaiting === 1 ? 'waits' : 'wait'} to be accepted; {count(clocksOff, 'clock')}{' '}
                {clocksOff === 1 ? 'is' : 'are'} too far off.
              </Text>
            </>
          );
        }}
      </Of>
    </Section>
  );
}

export function DeploymentsNow() {
  const estate = useEstate();
  return (
    <Section title="Deployments">
      <Of query={estate} what="deployments" rows={4}>
        {({ deployments }) => {
          const of = new Map<string, typeof deployments>();
          deployments.forEach((d) => of.set(d.product, [...(of.get(d.product) ?? []), d]));
          return deployments.length === 0 ? (
            <Text size="sm" c="dimmed">
              There are none yet. <TextLink to="/deployments">Register one</TextLink>.
            </Text>
          ) : (
            <dl className="pairs">
              {[...of].map(([product, lines]) => [
                <dt key={`${product} name`}>
                  <Anchor component={Link} to={`/deployments?product=${product}`} size="sm">
                    {productTitle(product)}
                  </Anchor>
                </dt>,
                <dd key={`${product} versions`}>
                  {lines.map((line) => (
                    <Text key={line.versions.join()} size="sm">
                      {line.versions.length === 0 ? (
                        'version not known yet'
                      ) : line.versions.length === 1 ? (
                        <b>{line.versions[0]}</b>
                      ) : (
                        <>
                          mixed: <b>{line.versions.join(', ')}</b>
                        </>
                      )}{' '}
                      <Text span c="dimmed" size="sm">
                        {count(line.deployments, 'deployment')}, {count(line.hosts, 'host')}
                      </Text>
                    </Text>
                  ))}
                </dd>,
              ])}
            </dl>
          );
        }}
      </Of>
    </Section>
  );
}
