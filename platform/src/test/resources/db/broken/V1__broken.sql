CREATE TABLE a (b no_such_type);
