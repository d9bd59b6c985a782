import { Alert, Button, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconRefresh } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { asProblem, type Problem } from '../api/problem';
import { Clause, isClause } from './clause';

/** What went wrong and what to do next, as the service says it. */
export function ProblemAlert({ error, retry }: { error: unknown; retry?: () => void }) {
  const problem = asProblem(error);
  const listed = listedIn(problem);
  const fields = Array.isArray(problem.fields) ? (problem.fields as { field?: string; problem?: string }[]) : [];
  return (
    <Alert role="alert" variant="outline" color="red" icon={<IconAlertTriangle aria-hidden />} title={problem.title}>
      <Stack gap="xs" align="flex-start">
        {problem.detail && listed.length === 0 && <Text size="sm">{problem.detail}</Text>}
        {listed.length > 0 && (
          <ul style={{ margin: 0, paddingLeft: '1.2rem' }}>
            {listed.map((each, i) => (
              <li key={i}>
                {each.clause && isClause(each.clause) && <Clause id={each.clause} />} {each.reason} {each.next && <b>{each.next}</b>}
              </li>
            ))}
          </ul>
        )}
        {fields.length > 0 && (
          <ul style={{ margin: 0, paddingLeft: '1.2rem' }}>
            {fields.map((f, i) => (
              <li key={i}>
                <b>{f.field}</b>: {f.problem}
              </li>
            ))}
          </ul>
        )}
        {problem.next && !listed.some((each) => each.next) && (
          <Text size="sm" fw={600}>
            {problem.next}
          </Text>
        )}
        {retry && (
          <Button size="xs" variant="default" leftSection={<IconRefresh size={14} aria-hidden />} onClick={retry}>
            Try again
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

interface Listed {
  clause?: string;
  reason: string;
  next?: string;
}

/** What is wrong with one field of what was sent. */
interface Flaw {
  field?: string;
  problem?: string;
}

const listedOf = (each: Flaw & Listed): Listed => (each.problem === undefined ? each : { ...each, reason: each.problem });

/** Where there are several reasons each has its own clause and next step; the detail is all of them in one breath. */
function listedIn(problem: Problem): Listed[] {
  for (const member of ['reasons', 'interlocks', 'differences', 'errors']) {
    const list = problem[member];
    if (Array.isArray(list) && list.length > 0) {
      return list.map((each: unknown) => (typeof each === 'string' ? { reason: each } : listedOf(each as Flaw & Listed)));
    }
  }
  return [];
}

/** Nothing to show, and what to do about it. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <Stack align="center" gap="xs" py="xl" ta="center">
      <Title order={3} size="h4">
        {title}
      </Title>
      <Text c="dimmed" component="div" maw={560}>
        {children}
      </Text>
    </Stack>
  );
}

/** Keeps the room of what is on its way, so that nothing jumps when it comes. */
export function Loading({ rows = 6, what }: { rows?: number; what: string }) {
  return (
    <Stack gap="xs" role="status" aria-label={`Loading ${what}`}>
      {Array.from({ length: rows }, (_, i) => (
        <Skeleton key={i} height={34} />
      ))}
    </Stack>
  );
}

interface Asked<T> {
  data: T | undefined;
  error: unknown;
  isError: boolean;
  refetch: () => unknown;
}

/**
 * What a query has. Data that was there stays while the service is away, under a line that says so.
 */
export function Of<T>({ query, what, rows, children }: { query: Asked<T>; what: string; rows?: number; children: (data: T) => ReactNode }) {
  if (query.data === undefined) {
    return query.isError ? <ProblemAlert error={query.error} {...(asProblem(query.error).status === 404 ? {} : { retry: () => void query.refetch() })} /> : <Loading what={what} rows={rows ?? 6} />;
  }
  return (
    <>
      {query.isError && (
        <Text role="status" size="sm" className="status" data-tone="wait" data-soft mb="xs">
          These {what} may be old: {asProblem(query.error).title.toLowerCase()}. The page goes on asking.
        </Text>
      )}
      {children(query.data)}
    </>
  );
}
