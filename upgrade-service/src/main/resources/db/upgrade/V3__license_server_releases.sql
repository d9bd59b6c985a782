-- The one release that seed 001 is about. That its package carries the same number is assumed: register others, with their
-- packages' own versions, with POST /api/v1/products/pcoip-license-server/releases.
INSERT INTO release (product, version, repository, assumed, note, registered_by, registered_at) VALUES
    ('pcoip-license-server', '23.04', 'teradici/pcoip-license-server', false, 'Offline Administrators'' Guide 23.04', 'interlock', '2026-01-01T00:00:00Z');
