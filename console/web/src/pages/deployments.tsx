import { Page } from '../components/page';

export function Deployments() {
  return <Page title="Deployments">{null}</Page>;
}
