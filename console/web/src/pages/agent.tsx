import { Page } from '../components/page';

export function AgentPage() {
  return <Page title="AgentPage">{null}</Page>;
}
