import { asProblem } from '../api/problem';

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
