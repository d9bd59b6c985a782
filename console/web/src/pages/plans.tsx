import { Page } from '../components/page';

export function Plans() {
  return <Page title="Plans">{null}</Page>;
}
