import { Anchor } from '@mantine/core';
import { Link } from 'react-router';
import { Page } from '../components/page';
import { Empty } from '../components/states';

export function NotFound() {
  return (
    <Page title="No such page">
      <Empty title="There is nothing at this address">
        It may have been mistyped, or the thing was taken out. <Anchor component={Link} to="/">Go to the overview</Anchor>.
      </Empty>
    </Page>
  );
}
