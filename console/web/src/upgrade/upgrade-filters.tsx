import { Button } from '@mantine/core';
import { FilterBar, FilterSelect } from '../components/filter-bar';
import { useDeployments } from '../estate/queries';

interface UpgradeFiltersProps {
  /** As in `Show all plans`. */
  of: string;
  statuses: { value: string; label: string }[];
  filters: { deployment: string; status: string };
  set: (name: 'deployment' | 'status', value: string) => void;
  showAll: () => void;
}

/** Which plans, or which runs. */
export function UpgradeFilters({ of, statuses, filters, set, showAll }: UpgradeFiltersProps) {
  const deployments = useDeployments();
  return (
    <FilterBar of={of}>
      <FilterSelect
        label="Of deployment"
        all="All deployments"
        searchable
        data={(deployments.data ?? []).map((d) => ({ value: d.deploymentId, label: d.name }))}
        value={filters.deployment}
        set={(deployment) => set('deployment', deployment)}
      />
      <FilterSelect label="Status" all="All statuses" data={statuses} value={filters.status} set={(status) => set('status', status)} />
      {isFiltered(filters) && (
        <Button variant="subtle" onClick={showAll}>
          Show all {of}
        </Button>
      )}
    </FilterBar>
  );
}

export const isFiltered = (filters: { deployment: string; status: string }): boolean => filters.deployment !== '' || filters.status !== '';
