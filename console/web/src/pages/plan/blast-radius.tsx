import type { Plan } from '../../api/types';
import { Fact } from '../../components/facts';
import { Section } from '../../components/page';
import { DataTable } from '../../components/table';
import { NameLink, TextLink } from '../../components/text-link';
import { duration } from '../../components/time';
import { outages, type PlanContent } from '../../upgrade/content';
import { Names } from '../../upgrade/names';

/** Who and what is touched if it is started now. */
export function BlastRadius({ plan, content }: { plan: Plan; content: PlanContent }) {
  const away = outages(content);
  const { impact } = plan;
  const longest = Math.max(0, ...away.map((outage) => outage.maximum));
  const likely = Math.max(0, ...away.map((outage) => outage.expected));
  return (
    <Section title="Blast radius">
      <dl className="facts">
        <Fact name="Hosts touched">
          <Names names={content.targets.map((target) => target.name)} what={`${content.targets.length}`} plain />
        </Fact>
        <Fact name="Outage">
          {away.length === 0
            ? 'None: the service goes on answering.'
            : `${away.length === 1 ? away[0]?.host : `Each of ${away.length} hosts, in its turn,`} is away for about ${duration(likely)}, ${duration(longest)} at most.`}
        </Fact>
        {impact && (impact.licenseServerId || impact.agents != null) && (
          <Fact name="License server">
            <TextLink to="/licenses">{impact.licenseServer ?? impact.licenseServerId}</TextLink>
            {impact.outageSeconds > 0 ? ` would be away for up to ${duration(impact.outageSeconds)}` : ' stays'}
          </Fact>
        )}
        {impact && impact.agents != null && (
          <Fact name="Agents">
            {impact.agents} depend on it:{' '}
            {impact.refused === 0 && impact.outOfGrace === 0
              ? 'all would go on.'
              : [
                  impact.refused > 0 ? `${impact.refused} would be refused` : '',
                  impact.outOfGrace > 0 ? `${impact.outOfGrace} would run out of grace` : '',
                ]
                  .filter(Boolean)
                  .join(', ') + '. Their names stand at the interlocks.'}
          </Fact>
        )}
      </dl>
      <details className="names">
        <summary>The hosts as they were when this was planned</summary>
        <DataTable
          caption="Hosts of the plan"
          rows={content.targets}
          keyOf={(target) => target.hostId}
          columns={[
            { header: 'Host', cell: (target) => <NameLink to={`/hosts/${target.hostId}`}>{target.name}</NameLink> },
            { header: 'Role', cell: (target) => target.role },
            { header: 'Variant', cell: (target) => target.variant },
            { header: 'Version', cell: (target) => target.version },
            { header: 'Services', cell: (target) => target.units.join(', ') || '–' },
            {
              header: 'Outage',
              cell: (target) => {
                const outage = away.find((o) => o.hostId === target.hostId);
                return outage ? duration(outage.expected) : 'none';
              },
            },
          ]}
        />
      </details>
    </Section>
  );
}
