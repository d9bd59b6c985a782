import createClient, { type Middleware } from 'openapi-fetch';
import type { paths as AgentPaths } from '../generated/agents';
import type { paths as InventoryPaths } from '../generated/inventory';
import type { paths as LicensePaths } from '../generated/licenses';
import type { paths as PlatformPaths } from '../generated/platform';
import type { paths as UpgradePaths } from '../generated/upgrades';
import { problemOf, unreachable } from './problem';

/** A service's name in the edge's paths: `/api/inventory/v1/…` is the inventory's `/api/v1/…`. */
export type Domain = 'inventory' | 'licenses' | 'upgrades' | 'agents';

/** Every answer that is not a success is thrown as a ProblemError, so callers only see data. */
const problems: Middleware = {
  async onResponse({ response }) {
    if (!response.ok) throw await problemOf(response);
    return response;
  },
  onError() {
    return unreachable();
  },
};

function clientOf<Paths extends object>(domain: Domain) {
  const client = createClient<Paths>({
    baseUrl: window.location.origin,
    // A request made from another request has its body as a stream, which browsers send over HTTP/2 only: so it gets its address
    // before it is made.
    Request: class extends Request {
      constructor(input: RequestInfo | URL, init?: RequestInit) {
        super(typeof input === 'string' ? input.replace('/api/v1/', `/api/${domain}/v1/`) : input, init);
      }
    },
  });
  client.use(problems);
  return client;
}

export const inventory = clientOf<InventoryPaths>('inventory');
export const licenses = clientOf<LicensePaths>('licenses');
export const upgrades = clientOf<UpgradePaths>('upgrades');
export const agents = clientOf<AgentPaths>('agents');

/** What every service serves: the audit log, dead letters, refused credentials. */
export const platformOf: Record<Domain, ReturnType<typeof clientOf<PlatformPaths>>> = {
  inventory: clientOf<PlatformPaths>('inventory'),
  licenses: clientOf<PlatformPaths>('licenses'),
  upgrades: clientOf<PlatformPaths>('upgrades'),
  agents: clientOf<PlatformPaths>('agents'),
};

/** The JSON body of a successful answer to an operation, e.g. `Answer<InventoryPaths['/api/v1/hosts']['get']>`. */
export type Answer<Operation> = Operation extends { responses: infer R }
  ? { [S in keyof R & (200 | 201 | 202)]: R[S] extends { content: { 'application/json': infer Body } } ? Body : never }[keyof R & (200 | 201 | 202)]
  : never;

export type { AgentPaths, InventoryPaths, LicensePaths, PlatformPaths, UpgradePaths };

/** A new Idempotency-Key: one for each thing that a person wants done, kept while it is tried again. */
export const newKey = (): string => crypto.randomUUID();

/** Query parameters, without those that nobody gave. */
export const given = <Query extends object>(query: Query) =>
  Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '')) as {
    [Name in keyof Query]?: NonNullable<Query[Name]>;
  };

/** The id of what a POST made. */
export const idOf = (response: Response): string => response.headers.get('Location')?.split('/').pop() ?? '';
