/** An error answer of a service or of the edge (RFC 9457), or what comes nearest to one when there is no answer. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  next?: string;
  /** Further members, by problem type. */
  [member: string]: unknown;
}

export class ProblemError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail ?? problem.title);
    this.name = 'ProblemError';
  }

  /** The last part of the type: stable, for programs. */
  get slug(): string {
    return this.problem.type.split('/').pop() ?? '';
  }
}

export async function problemOf(response: Response): Promise<ProblemError> {
  const text = await response.text().catch(() => '');
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null && 'type' in body && 'title' in body) {
      return new ProblemError(body as Problem);
    }
  } catch {
    // not JSON: some proxy's page, say
  }
  return new ProblemError({
    type: 'about:blank',
    title: `The answer was ${response.status}${response.statusText ? ` ${response.statusText}` : ''}`,
    status: response.status,
    next: 'Try again; if it stays so, ask whoever runs Interlock to look at the service’s log.',
  });
}

export function unreachable(): ProblemError {
  return new ProblemError({
    type: 'about:blank',
    title: 'Interlock cannot be reached',
    status: 0,
    detail: 'The request got no answer.',
    next: 'Check your connection. The page goes on by itself as soon as Interlock answers.',
  });
}

export function asProblem(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  return {
    type: 'about:blank',
    title: 'The page made a mistake',
    status: 0,
    detail: error instanceof Error ? error.message : String(error),
    next: 'Reload the page. If it comes again, tell whoever runs Interlock what you did.',
  };
}

interface FieldError {
  field?: string;
  problem?: string;
  next?: string;
}

/** What an error answer says of single fields: by the field's name, the problem and what to do. */
export function fieldErrors(error: unknown): Record<string, string> {
  if (error === null || error === undefined) return {};
  const list = asProblem(error).errors;
  const found: Record<string, string> = {};
  if (Array.isArray(list)) {
    for (const each of list as FieldError[]) {
      if (each.field && each.problem) found[each.field] ??= [each.problem, each.next].filter(Boolean).join('. ');
    }
  }
  return found;
}
