import { Page } from '../components/page';

export function HostPage() {
  return <Page title="HostPage">{null}</Page>;
}
