CREATE TABLE beta_only (id integer);
