import { createBrowserRouter, type RouteObject } from 'react-router';
import { Shell } from './shell';

// Each page is a file of its own that is fetched when it is first opened.
const pages: RouteObject[] = [
  { index: true, lazy: async () => ({ Component: (await import('./pages/overview')).Overview }) },
  { path: 'hosts', lazy: async () => ({ Component: (await import('./pages/hosts')).Hosts }) },
  { path: 'hosts/:id', lazy: async () => ({ Component: (await import('./pages/host')).HostPage }) },
  { path: 'deployments', lazy: async () => ({ Component: (await import('./pages/deployments')).Deployments }) },
  { path: 'deployments/:id', lazy: async () => ({ Component: (await import('./pages/deployment')).DeploymentPage }) },
  { path: 'plans', lazy: async () => ({ Component: (await import('./pages/plans')).Plans }) },
  { path: 'plans/:id', lazy: async () => ({ Component: (await import('./pages/plan')).PlanPage }) },
  { path: 'runs', lazy: async () => ({ Component: (await import('./pages/runs')).Runs }) },
  { path: 'runs/:id', lazy: async () => ({ Component: (await import('./pages/run')).RunPage }) },
  { path: 'licenses', lazy: async () => ({ Component: (await import('./pages/licenses')).Licenses }) },
  { path: 'licenses/requests/:id', lazy: async () => ({ Component: (await import('./pages/activation')).ActivationPage }) },
  { path: 'licenses/servers/:id', lazy: async () => ({ Component: (await import('./pages/license-server')).LicenseServerPage }) },
  { path: 'agents', lazy: async () => ({ Component: (await import('./pages/agents')).Agents }) },
  { path: 'agents/:id', lazy: async () => ({ Component: (await import('./pages/agent')).AgentPage }) },
  { path: 'audit', lazy: async () => ({ Component: (await import('./pages/audit')).Audit }) },
  { path: 'dead-letters', lazy: async () => ({ Component: (await import('./pages/dead-letters')).DeadLetters }) },
  { path: '*', lazy: async () => ({ Component: (await import('./pages/not-found')).NotFound }) },
];

export const router = createBrowserRouter([{ element: <Shell />, children: pages, HydrateFallback: () => null }]);
