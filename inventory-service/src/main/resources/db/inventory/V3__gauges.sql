-- For the gauges, which are asked all the time: the furthest clock and the skewed hosts are found without reading every host.
alter table host add column clock_offset_millis bigint
    generated always as (abs((seen #>> '{gauges,clock,offsetMillis}')::bigint)) stored;
create index host_clock on host (clock_offset_millis) where status <> 'retired';
create index host_skewed on host (id) where skewed;
