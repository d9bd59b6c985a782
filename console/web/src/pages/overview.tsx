import { Page } from '../components/page';
import { Waiting } from '../estate/waiting';
import { AgentsNow } from './overview/agents';
import { DeploymentsNow, HostsNow } from './overview/estate';
import { LicencesNow } from './overview/licences';
import { Running } from './overview/running';

/** The estate at a glance. Every part asks for itself, so that none waits for another. */
export function Overview() {
  return (
    <Page title="Overview" intro="What needs somebody, what goes on, and how the estate stands.">
      <Waiting />
      <Running />
      <div className="columns">
        <HostsNow />
        <DeploymentsNow />
        <AgentsNow />
        <LicencesNow />
      </div>
    </Page>
  );
}
