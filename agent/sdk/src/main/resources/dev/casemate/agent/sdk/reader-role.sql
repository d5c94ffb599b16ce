-- The role behind ReadOnlySql: it can read the named tables, and nothing else.
--
-- Run once per database, as its owner, by psql:
--   psql -v role=analyst_reader -v password=... -v database=warehouse -v schema=public \
--        -v tables='commodities, daily_prices' -f reader-role.sql
-- psql quotes :"name" as an identifier and :'name' as a literal. :tables is not quoted: it is a
-- list, and it is yours.

CREATE ROLE :"role" LOGIN PASSWORD :'password'
    NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOREPLICATION NOBYPASSRLS CONNECTION LIMIT 8;

-- Also in place where a session tries to switch them off: the missing rights below do not depend
-- on these three, they only keep a runaway statement short.
ALTER ROLE :"role" SET default_transaction_read_only = on;
ALTER ROLE :"role" SET statement_timeout = '10s';
ALTER ROLE :"role" SET idle_in_transaction_session_timeout = '30s';

-- What PostgreSQL gives to everybody by default.
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
REVOKE CREATE ON SCHEMA :"schema" FROM PUBLIC;
-- Large objects are written by functions that everybody may call.
REVOKE EXECUTE ON FUNCTION pg_catalog.lo_create(oid) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION pg_catalog.lo_creat(integer) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION pg_catalog.lo_from_bytea(oid, bytea) FROM PUBLIC;
-- Locks and notices reach other sessions.
REVOKE EXECUTE ON FUNCTION pg_catalog.pg_notify(text, text) FROM PUBLIC;

GRANT CONNECT ON DATABASE :"database" TO :"role";
GRANT USAGE ON SCHEMA :"schema" TO :"role";
GRANT SELECT ON :tables TO :"role";
