import type { AgentPaths, Answer, InventoryPaths, LicensePaths, PlatformPaths, UpgradePaths } from './client';

// Names for what the APIs answer. They hang on paths, not on the documents' schema names.
export type HostPage = Answer<InventoryPaths['/api/v1/hosts']['get']>;
export type Host = Answer<InventoryPaths['/api/v1/hosts/{id}']['get']>;
export type Deployment = Answer<InventoryPaths['/api/v1/deployments/{id}']['get']>;
export type FormerFacts = NonNullable<Answer<InventoryPaths['/api/v1/hosts/{id}/facts']['get']>['items']>[number];

export type Plan = Answer<UpgradePaths['/api/v1/plans/{id}']['get']>;
export type PlanSummary = NonNullable<Answer<UpgradePaths['/api/v1/plans']['get']>['items']>[number];
export type Run = Answer<UpgradePaths['/api/v1/runs/{id}']['get']>;
export type RunSummary = NonNullable<Answer<UpgradePaths['/api/v1/runs']['get']>['items']>[number];

export type Pool = Answer<LicensePaths['/api/v1/pools/{code}']['get']>;
export type ActivationRequest = Answer<LicensePaths['/api/v1/activation-requests/{id}']['get']>;
export type LicenseServer = Answer<LicensePaths['/api/v1/license-servers/{id}']['get']>;

export type Agent = Answer<AgentPaths['/api/v1/agents/{id}']['get']>;

export type AuditLine = NonNullable<Answer<PlatformPaths['/api/v1/audit']['get']>['items']>[number];
export type AuditVerification = Answer<PlatformPaths['/api/v1/audit/verification']['get']>;
export type DeadLetter = NonNullable<Answer<PlatformPaths['/api/v1/dead-letters']['get']>['items']>[number];
