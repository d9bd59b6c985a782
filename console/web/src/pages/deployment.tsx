import { Page } from '../components/page';

export function DeploymentPage() {
  return <Page title="DeploymentPage">{null}</Page>;
}
