import { Page } from '../components/page';

export function ActivationPage() {
  return <Page title="ActivationPage">{null}</Page>;
}
