CREATE TABLE alpha_only (id integer);
