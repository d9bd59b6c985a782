import { Page } from '../components/page';

export function Runs() {
  return <Page title="Runs">{null}</Page>;
}
