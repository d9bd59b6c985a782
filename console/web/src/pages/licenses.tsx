import { Page } from '../components/page';

export function Licenses() {
  return <Page title="Licenses">{null}</Page>;
}
