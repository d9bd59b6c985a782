import { MantineProvider } from '@mantine/core';
import { act, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { createMemoryRouter, Link, RouterProvider } from 'react-router';
import { expect, test } from 'vitest';
import { FilterBar, FilterText } from './filter-bar';
import { useFilters } from './filters';

function List() {
  const [filters, set] = useFilters(['q']);
  return (
    <MantineProvider env="test">
      <FilterBar of="Hosts">
        <FilterText label="Search" value={filters.q} set={(q) => set('q', q)} />
      </FilterBar>
      <Link to="/hosts">All hosts</Link>
    </MantineProvider>
  );
}

const open = (at: string) => {
  const router = createMemoryRouter([{ path: '/hosts', element: <List /> }], { initialEntries: [at] });
  render(<RouterProvider router={router} />);
  return { router, field: screen.getByLabelText<HTMLInputElement>('Search') };
};

test('what is typed comes into the address, without the blanks around it', async () => {
  const { router, field } = open('/hosts');
  fireEvent.change(field, { target: { value: ' kcm ' } });

  await waitFor(() => expect(router.state.location.search).toBe('?q=kcm'));
  expect(field.value).toBe(' kcm ');
});

test('another address is another text', async () => {
  const { field } = open('/hosts?q=kcm');
  expect(field.value).toBe('kcm');

  await act(async () => fireEvent.click(screen.getByText('All hosts')));
  expect(field.value).toBe('');
});
