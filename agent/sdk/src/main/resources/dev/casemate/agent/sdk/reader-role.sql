-- The role behind ReadOnlySql: it can read the named columns, and nothing else.
--
-- Run once per database, as a superuser, by psql:
--   psql -v role=analyst_reader -v password=... -v database=warehouse -v schema=public \
--        -v timeout=10s -f reader-role.sql -f grants.sql
-- grants.sql holds the lines of SqlRules.grants("analyst_reader"), such as
--   GRANT SELECT (day, price, symbol, volume) ON daily_prices TO analyst_reader;
-- psql quotes :"name" as an identifier and :'name' as a literal.
--
-- What is taken from PUBLIC here is taken from every role that had it only as everybody has it. Give
-- it by name to those that need it, or give agents a database of their own (a replica does).
--
-- One role for each agent: sessions of one role see each other's statements. And one line in
-- pg_hba.conf for it, because it may log in to every database that lets PUBLIC connect:
--   hostssl warehouse analyst_reader 198.18.0.0/15 scram-sha-256

CREATE ROLE :"role" LOGIN PASSWORD :'password'
    NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOREPLICATION NOBYPASSRLS CONNECTION LIMIT 8;

-- Where every session begins. A session can change these for itself; the missing rights below do
-- not depend on them. They keep a runaway statement short.
ALTER ROLE :"role" SET default_transaction_read_only = on;
ALTER ROLE :"role" SET statement_timeout = :'timeout';
ALTER ROLE :"role" SET lock_timeout = '2s';
ALTER ROLE :"role" SET idle_in_transaction_session_timeout = '30s';
ALTER ROLE :"role" SET max_parallel_workers_per_gather = 0;
ALTER ROLE :"role" SET search_path = pg_catalog, :"schema", pg_temp;
-- A session cannot change this one: what one session's sorts and joins may write to disk.
ALTER ROLE :"role" SET temp_file_limit = '256MB';

-- What PostgreSQL gives to everybody by default: to connect, temporary tables, objects in `public`,
-- and every function that somebody creates, those included that run as their owner.
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
REVOKE CREATE ON SCHEMA public, :"schema" FROM PUBLIC;
REVOKE EXECUTE ON ALL ROUTINES IN SCHEMA public, :"schema" FROM PUBLIC;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON ROUTINES FROM PUBLIC;

-- Functions of PostgreSQL that everybody may call and that do more than read: write large objects,
-- hold locks that others wait for, reach other sessions, wait, write to the log that replicas read.
-- A loop, because versions differ in which there are.
DO $$
DECLARE
    routine regprocedure;
BEGIN
    FOR routine IN
        SELECT oid FROM pg_catalog.pg_proc
        WHERE pronamespace = 'pg_catalog'::regnamespace
            AND (proname IN ('pg_notify', 'pg_cancel_backend', 'pg_terminate_backend',
                    'pg_logical_emit_message', 'pg_export_snapshot', 'lowrite', 'loread',
                    'pg_stat_force_next_flush', 'pg_wal_replay_wait')
                OR proname ~ '^(pg_sleep|pg_advisory|pg_try_advisory|lo_)')
    LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', routine);
    END LOOP;
END
$$;

GRANT CONNECT ON DATABASE :"database" TO :"role";
GRANT USAGE ON SCHEMA :"schema" TO :"role";
