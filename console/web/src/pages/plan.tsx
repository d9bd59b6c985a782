import { Page } from '../components/page';

export function PlanPage() {
  return <Page title="PlanPage">{null}</Page>;
}
