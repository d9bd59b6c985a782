import { Page } from '../components/page';

export function Hosts() {
  return <Page title="Hosts">{null}</Page>;
}
