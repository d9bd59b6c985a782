-- Versions as the test hosts and the lab have them. Keeper numbers its major lines in the repository's URL (K2); which minors
-- there are is data: register more with POST /api/v1/products/keeper-connection-manager/releases.
INSERT INTO release (product, version, repository, assumed, note, registered_by, registered_at) VALUES
    ('keeper-connection-manager', '1.4.0', 'kcm/1', true, 'minor of the 1.x line', 'interlock', '2026-01-01T00:00:00Z'),
    ('keeper-connection-manager', '1.4.1', 'kcm/1', true, 'minor of the 1.x line', 'interlock', '2026-01-01T00:00:00Z'),
    ('keeper-connection-manager', '1.5.0', 'kcm/1', true, 'minor of the 1.x line', 'interlock', '2026-01-01T00:00:00Z'),
    ('keeper-connection-manager', '1.6.0', 'kcm/1', true, 'minor of the 1.x line', 'interlock', '2026-01-01T00:00:00Z'),
    ('keeper-connection-manager', '2.0.0', 'kcm/2', true, 'another major line: for new installs only', 'interlock', '2026-01-01T00:00:00Z');
