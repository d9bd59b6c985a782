import { Page } from '../components/page';

export function Agents() {
  return <Page title="Agents">{null}</Page>;
}
