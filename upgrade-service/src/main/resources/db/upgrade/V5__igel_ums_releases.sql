-- Versions as the lab has them; which there are is data: register more with POST /api/v1/products/igel-ums/releases. The schema
-- of the productive database follows the first two numbers.
INSERT INTO release (product, version, repository, assumed, note, registered_by, registered_at) VALUES
    ('igel-ums', '12.04.100', 'igel-ums/12', true, 'schema 12.04', 'interlock', '2026-01-01T00:00:00Z'),
    ('igel-ums', '12.05.100', 'igel-ums/12', true, 'schema 12.05', 'interlock', '2026-01-01T00:00:00Z'),
    ('igel-ums', '12.05.110', 'igel-ums/12', true, 'schema 12.05', 'interlock', '2026-01-01T00:00:00Z'),
    ('igel-ums', '12.06.100', 'igel-ums/12', true, 'schema 12.06', 'interlock', '2026-01-01T00:00:00Z');
