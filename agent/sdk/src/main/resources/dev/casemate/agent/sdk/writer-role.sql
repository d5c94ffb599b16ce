-- The role behind AppendOnlyTable: it can append to the named columns of one table, and nothing else.
--
-- Run once per database, as a superuser, by psql:
--   psql -v role=report_writer -v password=... -v database=warehouse -v schema=public \
--        -v table=reports -v columns='idempotency_key, title, content' -v timeout=10s \
--        -f writer-role.sql
-- :columns is not quoted: it is a list, and it is yours. Columns that are not in it need a default.
--
-- The column of the idempotency key:
--   ALTER TABLE reports ADD COLUMN idempotency_key text NOT NULL UNIQUE;
-- and no other unique constraint but on generated columns: a row that violates any of them counts as
-- one that is there already.
--
-- What is taken from PUBLIC here is taken from every role that had it only as everybody has it; see
-- reader-role.sql, which says the same at more length, also on pg_hba.conf.

CREATE ROLE :"role" LOGIN PASSWORD :'password'
    NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOREPLICATION NOBYPASSRLS CONNECTION LIMIT 8;

-- Where every session begins; a session can change these for itself.
ALTER ROLE :"role" SET statement_timeout = :'timeout';
ALTER ROLE :"role" SET lock_timeout = '2s';
ALTER ROLE :"role" SET idle_in_transaction_session_timeout = '30s';
ALTER ROLE :"role" SET search_path = pg_catalog, :"schema", pg_temp;
-- A session cannot change this one.
ALTER ROLE :"role" SET temp_file_limit = '16MB';

REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
REVOKE CREATE ON SCHEMA public, :"schema" FROM PUBLIC;
REVOKE EXECUTE ON ALL ROUTINES IN SCHEMA public, :"schema" FROM PUBLIC;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON ROUTINES FROM PUBLIC;

-- Functions of PostgreSQL that everybody may call and that do more than read.
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
GRANT INSERT (:columns) ON :"table" TO :"role";
