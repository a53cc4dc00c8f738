SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE public.claim_tests (
    run bigint NOT NULL,
    claim character varying(80) NOT NULL,
    experiment character varying(32) NOT NULL
);
CREATE TABLE public.details (
    number bigint NOT NULL,
    run bigint NOT NULL,
    kind character varying(16) NOT NULL,
    step bigint NOT NULL,
    facts text NOT NULL,
    filters bytea
);
CREATE SEQUENCE public.details_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.details_number_seq OWNED BY public.details.number;
CREATE TABLE public.drawings (
    run bigint NOT NULL,
    pixels bytea NOT NULL
);
CREATE TABLE public.epochs (
    run bigint NOT NULL,
    epoch integer NOT NULL,
    training_loss double precision,
    training_accuracy double precision,
    validation_loss double precision,
    validation_accuracy double precision,
    wall_s double precision NOT NULL,
    weights bytea NOT NULL
);
CREATE TABLE public.evaluations (
    run bigint NOT NULL,
    test_probabilities bytea NOT NULL
);
CREATE TABLE public.my_digits (
    number bigint NOT NULL,
    owner character varying(64) NOT NULL,
    label integer NOT NULL,
    kept_at timestamp without time zone NOT NULL,
    fingerprint character varying(32) NOT NULL,
    png bytea NOT NULL
);
CREATE SEQUENCE public.my_digits_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.my_digits_number_seq OWNED BY public.my_digits.number;
CREATE TABLE public.owners (
    owner text NOT NULL,
    seen_at timestamp without time zone NOT NULL
);
CREATE TABLE public.parents (
    run bigint NOT NULL,
    parent character varying(32) NOT NULL
);
CREATE TABLE public.range_tests (
    run bigint NOT NULL,
    suggested double precision,
    lowest double precision,
    wall_s double precision
);
CREATE TABLE public.resume_points (
    run bigint NOT NULL,
    epoch integer NOT NULL,
    step bigint NOT NULL,
    resume bytea NOT NULL
);
CREATE TABLE public.runs (
    number bigint NOT NULL,
    id character varying(32) NOT NULL,
    name character varying(80) NOT NULL,
    recipe text NOT NULL,
    state character varying(16) NOT NULL,
    created_at timestamp without time zone NOT NULL,
    started_at timestamp without time zone,
    ended_at timestamp without time zone,
    owner text NOT NULL,
    session text NOT NULL,
    owner_token character varying(64) NOT NULL,
    steps bigint,
    steps_done bigint NOT NULL,
    parameters bigint,
    device character varying(16),
    epochs_done integer NOT NULL,
    validation_accuracy double precision,
    test_accuracy double precision,
    wall_s double precision,
    error_code text,
    error_message text,
    error_fix text
);
CREATE SEQUENCE public.runs_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.runs_number_seq OWNED BY public.runs.number;
CREATE TABLE public.schema_version (
    version integer NOT NULL
);
CREATE TABLE public.steps (
    run bigint NOT NULL,
    step bigint NOT NULL,
    epoch double precision NOT NULL,
    loss double precision,
    learning_rate double precision NOT NULL
);
CREATE TABLE public.teachings (
    run bigint NOT NULL,
    owner character varying(64) NOT NULL,
    parent character varying(80) NOT NULL,
    digits integer NOT NULL,
    right_before integer,
    gained integer,
    lost integer,
    test_accuracy_before double precision
);
ALTER TABLE ONLY public.details ALTER COLUMN number SET DEFAULT nextval('public.details_number_seq'::regclass);
ALTER TABLE ONLY public.my_digits ALTER COLUMN number SET DEFAULT nextval('public.my_digits_number_seq'::regclass);
ALTER TABLE ONLY public.runs ALTER COLUMN number SET DEFAULT nextval('public.runs_number_seq'::regclass);
INSERT INTO public.claim_tests VALUES (7, 'no_augmentation', 'b4cb0901c5a221a2642fe4c91bc3a584');
INSERT INTO public.claim_tests VALUES (8, 'no_augmentation', 'b4cb0901c5a221a2642fe4c91bc3a584');
INSERT INTO public.details VALUES (1, 1, 'paused', 1, '{"event": "paused", "step": 1}', NULL);
INSERT INTO public.details VALUES (2, 1, 'changed', 1, '{"event": "changed", "step": 1, "name": "learning_rate", "before": 0.01, "value": 0.001}', NULL);
INSERT INTO public.details VALUES (3, 1, 'resumed', 1, '{"event": "resumed", "step": 1}', NULL);
INSERT INTO public.details VALUES (4, 1, 'measured', 2, '{"event": "measured", "step": 2, "epoch": 0.5, "gradient_norms": {"conv 1": 0.25, "output": Infinity}, "dead_units": {"conv 1": 0.25}, "weight_limits": {"conv 1": 1.5}, "weight_counts": {"conv 1": [2, 2, 3]}, "filters_shape": [1, 1, 1], "drawing": []}', '\x6162');
INSERT INTO public.details VALUES (5, 1, 'checked', 2, '{"event": "checked", "epoch": 1, "step": 2, "confusion": [[1, 0, 0, 0, 0, 0, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 1, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 1, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 1, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 1, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 1, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 1, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0, 1, 0], [0, 0, 0, 0, 0, 0, 0, 0, 0, 1]], "training_loss": 0.5, "training_accuracy": 0.9, "contradicted": 0.125, "images": 2000, "kernel_median": null}', NULL);
INSERT INTO public.details VALUES (6, 1, 'measured', 4, '{"event": "measured", "step": 4, "epoch": 1.0, "gradient_norms": {"conv 1": 0.125, "output": Infinity}, "dead_units": {"conv 1": 0.25}, "weight_limits": {"conv 1": 1.5}, "weight_counts": {"conv 1": [4, 2, 3]}, "filters_shape": [], "drawing": []}', NULL);
INSERT INTO public.details VALUES (7, 1, 'checked', 4, '{"event": "checked", "epoch": 2, "step": 4, "confusion": [[2, 0, 0, 0, 0, 0, 0, 0, 0, 0], [0, 2, 0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 2, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 2, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 2, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 2, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 2, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 2, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0, 2, 0], [0, 0, 0, 0, 0, 0, 0, 0, 0, 2]], "training_loss": 0.25, "training_accuracy": 0.9, "contradicted": 0.125, "images": 2000, "kernel_median": null}', NULL);
INSERT INTO public.details VALUES (8, 2, 'paused', 1, '{"event": "paused", "step": 1}', NULL);
INSERT INTO public.details VALUES (9, 2, 'changed', 1, '{"event": "changed", "step": 1, "name": "learning_rate", "before": 0.01, "value": 0.001}', NULL);
INSERT INTO public.details VALUES (10, 2, 'resumed', 1, '{"event": "resumed", "step": 1}', NULL);
INSERT INTO public.details VALUES (11, 2, 'measured', 2, '{"event": "measured", "step": 2, "epoch": 0.5, "gradient_norms": {"conv 1": 0.25, "output": Infinity}, "dead_units": {"conv 1": 0.25}, "weight_limits": {"conv 1": 1.5}, "weight_counts": {"conv 1": [2, 2, 3]}, "filters_shape": [1, 1, 1], "drawing": []}', '\x6162');
INSERT INTO public.details VALUES (12, 2, 'checked', 2, '{"event": "checked", "epoch": 1, "step": 2, "confusion": [[1, 0, 0, 0, 0, 0, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 1, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 1, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 1, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 1, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 1, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 1, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0, 1, 0], [0, 0, 0, 0, 0, 0, 0, 0, 0, 1]], "training_loss": 0.5, "training_accuracy": 0.9, "contradicted": 0.125, "images": 2000, "kernel_median": null}', NULL);
INSERT INTO public.details VALUES (13, 2, 'measured', 4, '{"event": "measured", "step": 4, "epoch": 1.0, "gradient_norms": {"conv 1": 0.125, "output": Infinity}, "dead_units": {"conv 1": 0.25}, "weight_limits": {"conv 1": 1.5}, "weight_counts": {"conv 1": [4, 2, 3]}, "filters_shape": [], "drawing": []}', NULL);
INSERT INTO public.details VALUES (14, 2, 'checked', 4, '{"event": "checked", "epoch": 2, "step": 4, "confusion": [[2, 0, 0, 0, 0, 0, 0, 0, 0, 0], [0, 2, 0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 2, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 2, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 2, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 2, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 2, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 2, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0, 2, 0], [0, 0, 0, 0, 0, 0, 0, 0, 0, 2]], "training_loss": 0.25, "training_accuracy": 0.9, "contradicted": 0.125, "images": 2000, "kernel_median": null}', NULL);
INSERT INTO public.details VALUES (15, 2, 'checked', 6, '{"event": "checked", "epoch": 3, "step": 6, "confusion": [[3, 0, 0, 0, 0, 0, 0, 0, 0, 0], [0, 3, 0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 3, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 3, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 3, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 3, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 3, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 3, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0, 3, 0], [0, 0, 0, 0, 0, 0, 0, 0, 0, 3]], "training_loss": 0.16666666666666666, "training_accuracy": 0.9, "contradicted": 0.125, "images": 2000, "kernel_median": null}', NULL);
INSERT INTO public.details VALUES (16, 7, 'tried', 1, '{"event": "tried", "step": 1, "claim": "no_augmentation", "arm": "none", "seed": 0, "values": {"test_accuracy": 0.9, "lost": NaN}}', NULL);
INSERT INTO public.details VALUES (17, 7, 'tried', 2, '{"event": "tried", "step": 2, "claim": "no_augmentation", "arm": "all", "seed": 0, "values": {"test_accuracy": 0.91, "lost": NaN}}', NULL);
INSERT INTO public.details VALUES (18, 7, 'tried', 3, '{"event": "tried", "step": 3, "claim": "no_augmentation", "arm": "none", "seed": 1, "values": {"test_accuracy": 0.92, "lost": NaN}}', NULL);
INSERT INTO public.details VALUES (19, 7, 'tried', 4, '{"event": "tried", "step": 4, "claim": "no_augmentation", "arm": "all", "seed": 1, "values": {"test_accuracy": 0.93, "lost": NaN}}', NULL);
INSERT INTO public.details VALUES (20, 9, 'fitted', 0, '{"event": "fitted", "done": 1, "of": 45, "pair": [0, 1]}', NULL);
INSERT INTO public.details VALUES (21, 9, 'fitted', 0, '{"event": "fitted", "done": 2, "of": 45, "pair": [0, 2]}', NULL);
INSERT INTO public.details VALUES (22, 9, 'checked', 0, '{"event": "checked", "epoch": 1, "step": 0, "confusion": [[1, 0, 0, 0, 0, 0, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 1, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 1, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 1, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 1, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 1, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 1, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0, 1, 0], [0, 0, 0, 0, 0, 0, 0, 0, 0, 1]], "training_loss": 0.5, "training_accuracy": 0.9, "contradicted": 0.125, "images": 2000, "kernel_median": null}', NULL);
INSERT INTO public.details VALUES (23, 13, 'paused', 2, '{"event": "paused", "step": 2}', NULL);
INSERT INTO public.drawings VALUES (1, '\x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff000102030405060708090a0b0c0d0e0f');
INSERT INTO public.drawings VALUES (2, '\x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff000102030405060708090a0b0c0d0e0f');
INSERT INTO public.epochs VALUES (1, 1, 0.9, 0.7, 0.8, 0.75, 1, '\x0101010101010101010101010101010101010101');
INSERT INTO public.epochs VALUES (1, 2, 0.45, 0.7, 0.4, 0.75, 2, '\x0202020202020202020202020202020202020202');
INSERT INTO public.epochs VALUES (2, 1, 0.9, 0.7, 0.8, 0.75, 1, '\x0101010101010101010101010101010101010101');
INSERT INTO public.epochs VALUES (2, 2, 0.45, 0.7, 0.4, 0.75, 2, '\x0202020202020202020202020202020202020202');
INSERT INTO public.epochs VALUES (2, 3, 0.3, 0.7, 0.26666666666666666, 0.75, 3, '\x0303030303030303030303030303030303030303');
INSERT INTO public.epochs VALUES (3, 1, 0.9, 0.7, 0.8, 0.75, 1, '\x0101010101010101010101010101010101010101');
INSERT INTO public.epochs VALUES (9, 1, 0.9, 0.7, 0.8, 0.75, 1, '\x0101010101010101010101010101010101010101');
INSERT INTO public.epochs VALUES (10, 1, 0.9, 0.7, 0.8, 0.75, 1, '\x0101010101010101010101010101010101010101');
INSERT INTO public.epochs VALUES (13, 1, 0.9, 0.7, 0.8, 0.75, 1, '\x0101010101010101010101010101010101010101');
INSERT INTO public.epochs VALUES (14, 1, 0.9, 0.7, 0.8, 0.75, 1, '\x0101010101010101010101010101010101010101');
INSERT INTO public.evaluations VALUES (1, '\x003c003c003c003c003c003c003c003c003c003c');
INSERT INTO public.evaluations VALUES (3, '\x003c003c003c003c003c003c003c003c003c003c');
INSERT INTO public.evaluations VALUES (9, '\x003c003c003c003c003c003c003c003c003c003c');
INSERT INTO public.my_digits VALUES (1, 'acdc3beb3c6db11fa6c9448de2bac2f1d216de2c65cab90cfcce3fa014097c3d', 3, '2026-11-29 14:47:58.778933', '881ab9b935685667c6e928242964b137', '\x89504e470d0a1a0a0000000d494844520000001e000000280800000000cc7815ce0000002e49444154789c636018b48011c1fc8fca656060606060c2af9b8034c4b46f5864b8686ef7a8f4a8f4b0901ec400004fd0033ac0b9a7500000000049454e44ae426082');
INSERT INTO public.my_digits VALUES (2, 'acdc3beb3c6db11fa6c9448de2bac2f1d216de2c65cab90cfcce3fa014097c3d', 7, '2026-11-29 14:47:58.784971', 'd357c53c7f037ed80db50e04dbf33ed5', '\x89504e470d0a1a0a0000000d494844520000001e000000280800000000cc7815ce0000003249444154789c636018b48011c1fc8fca656060606060c2af7b104b437cf21a8b8c28429a818161b8f97b547a98490f62000057dd033aeaf2bfe40000000049454e44ae426082');
INSERT INTO public.my_digits VALUES (3, 'acdc3beb3c6db11fa6c9448de2bac2f1d216de2c65cab90cfcce3fa014097c3d', 3, '2026-11-29 14:47:58.794913', '229e9e4f79f3fa2cd393496c7c05bd66', '\x89504e470d0a1a0a0000000d494844520000001e000000280800000000cc7815ce0000002e49444154789c636018b48011c1fc8fca656060606060c2af9b8034c4b427586464686ef7a8f4a8f4b0901ec400004e68033a44e798e90000000049454e44ae426082');
INSERT INTO public.my_digits VALUES (4, '48fb25b477de5f3444e2ba29f840ed47d095d553f832d41c7f2db9d8b8ccb877', 9, '2026-11-29 14:47:58.799274', '229e9e4f79f3fa2cd393496c7c05bd66', '\x89504e470d0a1a0a0000000d494844520000001e000000280800000000cc7815ce0000002e49444154789c636018b48011c1fc8fca656060606060c2af9b8034c4b427586464686ef7a8f4a8f4b0901ec400004e68033a44e798e90000000049454e44ae426082');
INSERT INTO public.owners VALUES ('host|7|1795963666.53', '2026-11-29 14:47:58.760612');
INSERT INTO public.parents VALUES (2, 'ff52f402');
INSERT INTO public.range_tests VALUES (5, 0.02, 0.1, 3.5);
INSERT INTO public.range_tests VALUES (6, NULL, NULL, NULL);
INSERT INTO public.resume_points VALUES (1, 2, 4, '\x74776f');
INSERT INTO public.resume_points VALUES (2, 3, 6, '\x7468726565');
INSERT INTO public.resume_points VALUES (10, 1, 2, '\x72');
INSERT INTO public.resume_points VALUES (13, 1, 2, '\x6f6e65');
INSERT INTO public.resume_points VALUES (14, 1, 1, '\x6f6e65');
INSERT INTO public.runs VALUES (1, 'ff52f402', 'café ✓ finished', '{"train_images": 55000, "keep_0": 1.0, "keep_1": 1.0, "keep_2": 1.0, "keep_3": 0.25, "keep_4": 1.0, "keep_5": 1.0, "keep_6": 1.0, "keep_7": 1.0, "keep_8": 1.0, "keep_9": 1.0, "balance": "none", "label_noise": 0.0, "label_noise_kind": "random", "outliers": 0.0, "outlier_kind": "noise", "left_out": "3,17,59999", "cleaning": false, "scaling": "standardised", "train_offset_px": 0, "test_offset_px": 0, "rotation_deg": 0.0, "shift_x": 0.0, "shift_y": 0.0, "shear_deg": 0.0, "zoom": 0.0, "elastic_px": 0.0, "thickness_px": 0.0, "pen_habits": 0.5, "pixel_noise": 0.0, "flip": "none", "fill": "constant", "model": "linear", "width": 1.0, "extra_layers": 0, "svm_c": 10.0, "svm_gamma": 0.0012755102040816326, "activation": "relu", "initialization": "pytorch", "batch_norm": true, "conv_dropout": 0.0, "dense_dropout": 0.0, "optimizer": "adamw", "momentum": 0.9, "learning_rate": 0.01, "schedule": "constant", "weight_decay": 0.0001, "l1": 0.0, "label_smoothing": 0.05, "gradient_clip": 0.0, "batch_size": 128, "precision": "single", "epochs": 2, "early_stopping": 0, "seed": 0}', 'finished', '2026-11-29 14:47:58.353978', '2026-11-29 14:47:58.364538', '2026-11-29 14:47:58.421448', 'host|7|1795963666.53', 'anna', 'J3uIOfrH-zo7VniyIxTJW3LV5Pahn3_uop8BtFb17xs', 8, 4, 7850, 'cpu', 2, 0.75, 0.8125, 2.5, NULL, NULL, NULL);
INSERT INTO public.runs VALUES (2, '0b6a5108', 'café ✓ finished · longer', '{"train_images": 55000, "keep_0": 1.0, "keep_1": 1.0, "keep_2": 1.0, "keep_3": 0.25, "keep_4": 1.0, "keep_5": 1.0, "keep_6": 1.0, "keep_7": 1.0, "keep_8": 1.0, "keep_9": 1.0, "balance": "none", "label_noise": 0.0, "label_noise_kind": "random", "outliers": 0.0, "outlier_kind": "noise", "left_out": "3,17,59999", "cleaning": false, "scaling": "standardised", "train_offset_px": 0, "test_offset_px": 0, "rotation_deg": 0.0, "shift_x": 0.0, "shift_y": 0.0, "shear_deg": 0.0, "zoom": 0.0, "elastic_px": 0.0, "thickness_px": 0.0, "pen_habits": 0.5, "pixel_noise": 0.0, "flip": "none", "fill": "constant", "model": "linear", "width": 1.0, "extra_layers": 0, "svm_c": 10.0, "svm_gamma": 0.0012755102040816326, "activation": "relu", "initialization": "pytorch", "batch_norm": true, "conv_dropout": 0.0, "dense_dropout": 0.0, "optimizer": "adamw", "momentum": 0.9, "learning_rate": 0.01, "schedule": "constant", "weight_decay": 0.0001, "l1": 0.0, "label_smoothing": 0.05, "gradient_clip": 0.0, "batch_size": 128, "precision": "single", "epochs": 5, "early_stopping": 0, "seed": 0}', 'stopped', '2026-11-29 14:47:58.426493', '2026-11-29 14:47:58.444993', '2026-11-29 14:47:58.464527', 'host|7|1795963666.53', 'anna', 'JWGFXTq_hT-jgwJX1QpI7CI_yWW1-APR_Qi_i2Z_y20', 20, 6, 7850, 'cpu', 3, 0.75, NULL, 1.5, NULL, NULL, NULL);
INSERT INTO public.runs VALUES (3, '52cf3548', 'default · my hand (6)', '{"train_images": 55000, "keep_0": 1.0, "keep_1": 1.0, "keep_2": 1.0, "keep_3": 1.0, "keep_4": 1.0, "keep_5": 1.0, "keep_6": 1.0, "keep_7": 1.0, "keep_8": 1.0, "keep_9": 1.0, "balance": "none", "label_noise": 0.0, "label_noise_kind": "random", "outliers": 0.0, "outlier_kind": "noise", "left_out": "", "cleaning": false, "scaling": "standardised", "train_offset_px": 0, "test_offset_px": 0, "rotation_deg": 0.0, "shift_x": 0.0, "shift_y": 0.0, "shear_deg": 0.0, "zoom": 0.0, "elastic_px": 0.0, "thickness_px": 0.0, "pen_habits": 0.0, "pixel_noise": 0.0, "flip": "none", "fill": "constant", "model": "cnn", "width": 1.0, "extra_layers": 0, "svm_c": 10.0, "svm_gamma": 0.0012755102040816326, "activation": "relu", "initialization": "pytorch", "batch_norm": true, "conv_dropout": 0.0, "dense_dropout": 0.0, "optimizer": "adamw", "momentum": 0.9, "learning_rate": 0.01, "schedule": "one_cycle", "weight_decay": 0.0001, "l1": 0.0, "label_smoothing": 0.05, "gradient_clip": 0.0, "batch_size": 128, "precision": "single", "epochs": 1, "early_stopping": 0, "seed": 0}', 'finished', '2026-11-29 14:47:58.469662', '2026-11-29 14:47:58.473965', '2026-11-29 14:47:58.488456', 'host|7|1795963666.53', 'anna', 'lXt7I5ll8zPHQoSLbYepO32gSNDMBr86T2jE1dwftTU', 80, 80, 7850, 'cpu', 1, 0.75, 0.9869, 2.5, NULL, NULL, NULL);
INSERT INTO public.runs VALUES (4, '93aafd62', 'another lesson', '{"train_images": 55000, "keep_0": 1.0, "keep_1": 1.0, "keep_2": 1.0, "keep_3": 1.0, "keep_4": 1.0, "keep_5": 1.0, "keep_6": 1.0, "keep_7": 1.0, "keep_8": 1.0, "keep_9": 1.0, "balance": "none", "label_noise": 0.0, "label_noise_kind": "random", "outliers": 0.0, "outlier_kind": "noise", "left_out": "", "cleaning": false, "scaling": "standardised", "train_offset_px": 0, "test_offset_px": 0, "rotation_deg": 0.0, "shift_x": 0.0, "shift_y": 0.0, "shear_deg": 0.0, "zoom": 0.0, "elastic_px": 0.0, "thickness_px": 0.0, "pen_habits": 0.0, "pixel_noise": 0.0, "flip": "none", "fill": "constant", "model": "cnn", "width": 1.0, "extra_layers": 0, "svm_c": 10.0, "svm_gamma": 0.0012755102040816326, "activation": "relu", "initialization": "pytorch", "batch_norm": true, "conv_dropout": 0.0, "dense_dropout": 0.0, "optimizer": "adamw", "momentum": 0.9, "learning_rate": 0.01, "schedule": "one_cycle", "weight_decay": 0.0001, "l1": 0.0, "label_smoothing": 0.05, "gradient_clip": 0.0, "batch_size": 128, "precision": "single", "epochs": 1, "early_stopping": 0, "seed": 0}', 'queued', '2026-11-29 14:47:58.492353', NULL, NULL, 'host|7|1795963666.53', 'anna', 'H-Vrw-CuWscDcifZrj9bhZsbpVOy6sPrSQhaFbwa2ks', NULL, 0, NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.runs VALUES (5, 'ee684a93', 'range test · cnn', '{"train_images": 55000, "keep_0": 1.0, "keep_1": 1.0, "keep_2": 1.0, "keep_3": 1.0, "keep_4": 1.0, "keep_5": 1.0, "keep_6": 1.0, "keep_7": 1.0, "keep_8": 1.0, "keep_9": 1.0, "balance": "none", "label_noise": 0.0, "label_noise_kind": "random", "outliers": 0.0, "outlier_kind": "noise", "left_out": "", "cleaning": false, "scaling": "standardised", "train_offset_px": 0, "test_offset_px": 0, "rotation_deg": 0.0, "shift_x": 0.0, "shift_y": 0.0, "shear_deg": 0.0, "zoom": 0.0, "elastic_px": 0.0, "thickness_px": 0.0, "pen_habits": 0.0, "pixel_noise": 0.0, "flip": "none", "fill": "constant", "model": "cnn", "width": 1.0, "extra_layers": 0, "svm_c": 10.0, "svm_gamma": 0.0012755102040816326, "activation": "relu", "initialization": "pytorch", "batch_norm": true, "conv_dropout": 0.0, "dense_dropout": 0.0, "optimizer": "adamw", "momentum": 0.9, "learning_rate": 0.01, "schedule": "one_cycle", "weight_decay": 0.0001, "l1": 0.0, "label_smoothing": 0.05, "gradient_clip": 0.0, "batch_size": 128, "precision": "single", "epochs": 1, "early_stopping": 0, "seed": 0}', 'finished', '2026-11-29 14:47:58.497449', '2026-11-29 14:47:58.50552', '2026-11-29 14:47:58.513702', 'host|7|1795963666.53', 'ben', 'jztly0wFaFq3M4sWt9oAmnWXTcnyDaQGRU5RCQqjvOc', 100, 2, 7850, 'cpu', 0, NULL, NULL, 3.5, NULL, NULL, NULL);
INSERT INTO public.runs VALUES (7, 'ddb61aca', 'claim test · No augmentation', '{"train_images": 4000, "keep_0": 0.5, "keep_1": 0.5, "keep_2": 0.5, "keep_3": 0.5, "keep_4": 0.5, "keep_5": 0.5, "keep_6": 0.5, "keep_7": 0.5, "keep_8": 0.5, "keep_9": 0.5, "balance": "none", "label_noise": 0.0, "label_noise_kind": "random", "outliers": 0.0, "outlier_kind": "noise", "left_out": "", "cleaning": false, "scaling": "standardised", "train_offset_px": 0, "test_offset_px": 0, "rotation_deg": 0.0, "shift_x": 0.0, "shift_y": 0.0, "shear_deg": 0.0, "zoom": 0.0, "elastic_px": 0.0, "thickness_px": 0.0, "pen_habits": 0.0, "pixel_noise": 0.0, "flip": "none", "fill": "constant", "model": "cnn", "width": 1.0, "extra_layers": 0, "svm_c": 10.0, "svm_gamma": 0.0012755102040816326, "activation": "relu", "initialization": "pytorch", "batch_norm": true, "conv_dropout": 0.0, "dense_dropout": 0.0, "optimizer": "adamw", "momentum": 0.9, "learning_rate": 0.01, "schedule": "one_cycle", "weight_decay": 0.0001, "l1": 0.0, "label_smoothing": 0.05, "gradient_clip": 0.0, "batch_size": 128, "precision": "single", "epochs": 6, "early_stopping": 0, "seed": 0}', 'finished', '2026-11-29 14:47:58.53065', '2026-11-29 14:47:58.542394', '2026-11-29 14:47:58.572285', 'host|7|1795963666.53', 'ben', '9wYJJVa0Wx6hKhFbhUmJcKhjdUo4Qa9hM-RgrZh8pbU', 4, 4, 7850, 'cpu', 0, NULL, NULL, 9.5, NULL, NULL, NULL);
INSERT INTO public.runs VALUES (8, 'ba63ce82', 'claim test · No augmentation', '{"train_images": 4000, "keep_0": 0.5, "keep_1": 0.5, "keep_2": 0.5, "keep_3": 0.5, "keep_4": 0.5, "keep_5": 0.5, "keep_6": 0.5, "keep_7": 0.5, "keep_8": 0.5, "keep_9": 0.5, "balance": "none", "label_noise": 0.0, "label_noise_kind": "random", "outliers": 0.0, "outlier_kind": "noise", "left_out": "", "cleaning": false, "scaling": "standardised", "train_offset_px": 0, "test_offset_px": 0, "rotation_deg": 0.0, "shift_x": 0.0, "shift_y": 0.0, "shear_deg": 0.0, "zoom": 0.0, "elastic_px": 0.0, "thickness_px": 0.0, "pen_habits": 0.0, "pixel_noise": 0.0, "flip": "none", "fill": "constant", "model": "cnn", "width": 1.0, "extra_layers": 0, "svm_c": 10.0, "svm_gamma": 0.0012755102040816326, "activation": "relu", "initialization": "pytorch", "batch_norm": true, "conv_dropout": 0.0, "dense_dropout": 0.0, "optimizer": "adamw", "momentum": 0.9, "learning_rate": 0.01, "schedule": "one_cycle", "weight_decay": 0.0001, "l1": 0.0, "label_smoothing": 0.05, "gradient_clip": 0.0, "batch_size": 128, "precision": "single", "epochs": 6, "early_stopping": 0, "seed": 0}', 'queued', '2026-11-29 14:47:58.578256', NULL, NULL, 'host|7|1795963666.53', 'ben', 'ZkEvzJmI2hoBSOnKLiQS3FVu-41RTXnSa_P3FK5CAKk', NULL, 0, NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.runs VALUES (9, '747d994a', 'svm · images 1000', '{"train_images": 1000, "keep_0": 1.0, "keep_1": 1.0, "keep_2": 1.0, "keep_3": 1.0, "keep_4": 1.0, "keep_5": 1.0, "keep_6": 1.0, "keep_7": 1.0, "keep_8": 1.0, "keep_9": 1.0, "balance": "none", "label_noise": 0.0, "label_noise_kind": "random", "outliers": 0.0, "outlier_kind": "noise", "left_out": "", "cleaning": false, "scaling": "standardised", "train_offset_px": 0, "test_offset_px": 0, "rotation_deg": 0.0, "shift_x": 0.0, "shift_y": 0.0, "shear_deg": 0.0, "zoom": 0.0, "elastic_px": 0.0, "thickness_px": 0.0, "pen_habits": 0.0, "pixel_noise": 0.0, "flip": "none", "fill": "constant", "model": "svm", "width": 1.0, "extra_layers": 0, "svm_c": 10.0, "svm_gamma": 0.0012755102040816326, "activation": "relu", "initialization": "pytorch", "batch_norm": true, "conv_dropout": 0.0, "dense_dropout": 0.0, "optimizer": "adamw", "momentum": 0.9, "learning_rate": 0.01, "schedule": "one_cycle", "weight_decay": 0.0001, "l1": 0.0, "label_smoothing": 0.05, "gradient_clip": 0.0, "batch_size": 128, "precision": "single", "epochs": 1, "early_stopping": 0, "seed": 0}', 'finished', '2026-11-29 14:47:58.586029', '2026-11-29 14:47:58.589331', '2026-11-29 14:47:58.617111', 'host|7|1795963666.53', '', 'uwWvgF2z23DXpB_r49Vzd53K-RBXK1JCw3RuPdTnN4s', 0, 0, 7850, 'cpu', 1, 0.75, 0.93, 2.5, NULL, NULL, NULL);
INSERT INTO public.runs VALUES (6, 'b5d35a2e', 'range test · cnn', '{"train_images": 55000, "keep_0": 1.0, "keep_1": 1.0, "keep_2": 1.0, "keep_3": 1.0, "keep_4": 1.0, "keep_5": 1.0, "keep_6": 1.0, "keep_7": 1.0, "keep_8": 1.0, "keep_9": 1.0, "balance": "none", "label_noise": 0.0, "label_noise_kind": "random", "outliers": 0.0, "outlier_kind": "noise", "left_out": "", "cleaning": false, "scaling": "standardised", "train_offset_px": 0, "test_offset_px": 0, "rotation_deg": 0.0, "shift_x": 0.0, "shift_y": 0.0, "shear_deg": 0.0, "zoom": 0.0, "elastic_px": 0.0, "thickness_px": 0.0, "pen_habits": 0.0, "pixel_noise": 0.0, "flip": "none", "fill": "constant", "model": "cnn", "width": 1.0, "extra_layers": 0, "svm_c": 10.0, "svm_gamma": 0.0012755102040816326, "activation": "relu", "initialization": "pytorch", "batch_norm": true, "conv_dropout": 0.0, "dense_dropout": 0.0, "optimizer": "adamw", "momentum": 0.9, "learning_rate": 0.01, "schedule": "one_cycle", "weight_decay": 0.0001, "l1": 0.0, "label_smoothing": 0.05, "gradient_clip": 0.0, "batch_size": 128, "precision": "single", "epochs": 1, "early_stopping": 0, "seed": 0}', 'running', '2026-11-29 14:47:58.516298', '2026-11-29 14:47:58.524415', NULL, 'host|7|1795963666.53', 'ben', 'YsIhqanAhbK2_-930o44UMdv4lsuNxVaDubNargl85k', 100, 1, 7850, 'cpu', 0, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.runs VALUES (10, 'a026bc2b', 'cnn · lr 1 · patience 2', '{"train_images": 55000, "keep_0": 1.0, "keep_1": 1.0, "keep_2": 1.0, "keep_3": 1.0, "keep_4": 1.0, "keep_5": 1.0, "keep_6": 1.0, "keep_7": 1.0, "keep_8": 1.0, "keep_9": 1.0, "balance": "none", "label_noise": 0.0, "label_noise_kind": "random", "outliers": 0.0, "outlier_kind": "noise", "left_out": "", "cleaning": false, "scaling": "standardised", "train_offset_px": 0, "test_offset_px": 0, "rotation_deg": 0.0, "shift_x": 0.0, "shift_y": 0.0, "shear_deg": 0.0, "zoom": 0.0, "elastic_px": 0.0, "thickness_px": 0.0, "pen_habits": 0.0, "pixel_noise": 0.0, "flip": "none", "fill": "constant", "model": "cnn", "width": 1.0, "extra_layers": 0, "svm_c": 10.0, "svm_gamma": 0.0012755102040816326, "activation": "relu", "initialization": "pytorch", "batch_norm": true, "conv_dropout": 0.0, "dense_dropout": 0.0, "optimizer": "adamw", "momentum": 0.9, "learning_rate": 1.0, "schedule": "one_cycle", "weight_decay": 0.0001, "l1": 0.0, "label_smoothing": 0.05, "gradient_clip": 0.0, "batch_size": 128, "precision": "single", "epochs": 1, "early_stopping": 2, "seed": 0}', 'diverged', '2026-11-29 14:47:58.620365', '2026-11-29 14:47:58.624935', '2026-11-29 14:47:58.641756', 'host|7|1795963666.53', '', '8VZX9Tm9C26zIsZUGnamwdEpzrBHmBvKhobAffftX-w', 8, 3, 7850, 'cpu', 1, 0.75, NULL, 0.5, 'diverged', 'The loss stopped being a number at step 3.', 'Choose a lower learning rate, or turn batch normalisation on.');
INSERT INTO public.runs VALUES (11, '3cbfb0c9', 'failed ünicode', '{"train_images": 55000, "keep_0": 1.0, "keep_1": 1.0, "keep_2": 1.0, "keep_3": 1.0, "keep_4": 1.0, "keep_5": 1.0, "keep_6": 1.0, "keep_7": 1.0, "keep_8": 1.0, "keep_9": 1.0, "balance": "none", "label_noise": 0.0, "label_noise_kind": "random", "outliers": 0.0, "outlier_kind": "noise", "left_out": "", "cleaning": false, "scaling": "standardised", "train_offset_px": 0, "test_offset_px": 0, "rotation_deg": 0.0, "shift_x": 0.0, "shift_y": 0.0, "shear_deg": 0.0, "zoom": 0.0, "elastic_px": 0.0, "thickness_px": 0.0, "pen_habits": 0.0, "pixel_noise": 0.0, "flip": "none", "fill": "constant", "model": "cnn", "width": 1.0, "extra_layers": 0, "svm_c": 10.0, "svm_gamma": 0.0012755102040816326, "activation": "relu", "initialization": "pytorch", "batch_norm": true, "conv_dropout": 0.0, "dense_dropout": 0.0, "optimizer": "adamw", "momentum": 0.9, "learning_rate": 0.01, "schedule": "one_cycle", "weight_decay": 0.0001, "l1": 0.0, "label_smoothing": 0.05, "gradient_clip": 0.0, "batch_size": 128, "precision": "single", "epochs": 1, "early_stopping": 0, "seed": 0}', 'failed', '2026-11-29 14:47:58.645169', '2026-11-29 14:47:58.650602', '2026-11-29 14:47:58.656128', 'host|7|1795963666.53', '', 'J-ez5J9vX5tVprDq-zICb8fyf48Q1t3YhkGh_voZwaw', 8, 1, 7850, 'cpu', 0, NULL, NULL, NULL, 'worker_lost', 'The process that trained this run ended unexpectedly.', 'Start it again; its finished epochs are kept.');
INSERT INTO public.runs VALUES (12, '371a56e8', 'waits', '{"train_images": 55000, "keep_0": 1.0, "keep_1": 1.0, "keep_2": 1.0, "keep_3": 1.0, "keep_4": 1.0, "keep_5": 1.0, "keep_6": 1.0, "keep_7": 1.0, "keep_8": 1.0, "keep_9": 1.0, "balance": "none", "label_noise": 0.0, "label_noise_kind": "random", "outliers": 0.0, "outlier_kind": "noise", "left_out": "", "cleaning": false, "scaling": "standardised", "train_offset_px": 0, "test_offset_px": 0, "rotation_deg": 0.0, "shift_x": 0.0, "shift_y": 0.0, "shear_deg": 0.0, "zoom": 0.0, "elastic_px": 0.0, "thickness_px": 0.0, "pen_habits": 0.0, "pixel_noise": 0.0, "flip": "none", "fill": "constant", "model": "cnn", "width": 1.0, "extra_layers": 0, "svm_c": 10.0, "svm_gamma": 0.0012755102040816326, "activation": "relu", "initialization": "pytorch", "batch_norm": true, "conv_dropout": 0.0, "dense_dropout": 0.0, "optimizer": "adamw", "momentum": 0.9, "learning_rate": 0.01, "schedule": "one_cycle", "weight_decay": 0.0001, "l1": 0.0, "label_smoothing": 0.05, "gradient_clip": 0.0, "batch_size": 128, "precision": "single", "epochs": 1, "early_stopping": 0, "seed": 0}', 'queued', '2026-11-29 14:47:58.659653', NULL, NULL, 'host|7|1795963666.53', 'eve', 'qEh8Nu3qocEr_Yvb0IM-mGgr7n0HHcfr7WlPCqnAjWU', NULL, 0, NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.runs VALUES (13, '20bbdd4d', 'paused', '{"train_images": 55000, "keep_0": 1.0, "keep_1": 1.0, "keep_2": 1.0, "keep_3": 1.0, "keep_4": 1.0, "keep_5": 1.0, "keep_6": 1.0, "keep_7": 1.0, "keep_8": 1.0, "keep_9": 1.0, "balance": "none", "label_noise": 0.0, "label_noise_kind": "random", "outliers": 0.0, "outlier_kind": "noise", "left_out": "", "cleaning": false, "scaling": "standardised", "train_offset_px": 0, "test_offset_px": 0, "rotation_deg": 0.0, "shift_x": 0.0, "shift_y": 0.0, "shear_deg": 0.0, "zoom": 0.0, "elastic_px": 0.0, "thickness_px": 0.0, "pen_habits": 0.0, "pixel_noise": 0.0, "flip": "none", "fill": "constant", "model": "cnn", "width": 1.0, "extra_layers": 0, "svm_c": 10.0, "svm_gamma": 0.0012755102040816326, "activation": "relu", "initialization": "pytorch", "batch_norm": true, "conv_dropout": 0.0, "dense_dropout": 0.0, "optimizer": "adamw", "momentum": 0.9, "learning_rate": 0.01, "schedule": "one_cycle", "weight_decay": 0.0001, "l1": 0.0, "label_smoothing": 0.05, "gradient_clip": 0.0, "batch_size": 128, "precision": "single", "epochs": 1, "early_stopping": 0, "seed": 0}', 'running', '2026-11-29 14:47:58.66544', '2026-11-29 14:47:58.669535', NULL, 'host|7|1795963666.53', 'eve', 'nLd1dAVJmkqxwNEdhgqEZbEpgCVHuXDOgBURHcbr5cI', 8, 2, 7850, 'cpu', 1, 0.75, NULL, NULL, NULL, NULL, NULL);
INSERT INTO public.runs VALUES (14, '0932240a', 'interrupted', '{"train_images": 55000, "keep_0": 1.0, "keep_1": 1.0, "keep_2": 1.0, "keep_3": 1.0, "keep_4": 1.0, "keep_5": 1.0, "keep_6": 1.0, "keep_7": 1.0, "keep_8": 1.0, "keep_9": 1.0, "balance": "none", "label_noise": 0.0, "label_noise_kind": "random", "outliers": 0.0, "outlier_kind": "noise", "left_out": "", "cleaning": false, "scaling": "standardised", "train_offset_px": 0, "test_offset_px": 0, "rotation_deg": 0.0, "shift_x": 0.0, "shift_y": 0.0, "shear_deg": 0.0, "zoom": 0.0, "elastic_px": 0.0, "thickness_px": 0.0, "pen_habits": 0.0, "pixel_noise": 0.0, "flip": "none", "fill": "constant", "model": "cnn", "width": 1.0, "extra_layers": 0, "svm_c": 10.0, "svm_gamma": 0.0012755102040816326, "activation": "relu", "initialization": "pytorch", "batch_norm": true, "conv_dropout": 0.0, "dense_dropout": 0.0, "optimizer": "adamw", "momentum": 0.9, "learning_rate": 0.01, "schedule": "one_cycle", "weight_decay": 0.0001, "l1": 0.0, "label_smoothing": 0.05, "gradient_clip": 0.0, "batch_size": 128, "precision": "single", "epochs": 3, "early_stopping": 0, "seed": 0}', 'interrupted', '2026-11-29 14:47:58.73815', '2026-11-29 14:47:58.741333', '2026-11-29 14:47:58.758585', 'host|7|1795963666.53', '', 'zEhA0oq_YzzAP0wVIiOw9F866vKtT6Xfp3b8HlSKBDI', 8, 1, 7850, 'cpu', 1, 0.75, NULL, NULL, 'interrupted', 'Digit Clinic was closed while this run was not done.', 'Its finished epochs are kept; start it again to train to the end.');
INSERT INTO public.schema_version VALUES (1);
INSERT INTO public.steps VALUES (1, 1, 0.25, 0.5, 0.01);
INSERT INTO public.steps VALUES (1, 2, 0.5, NULL, 0.01);
INSERT INTO public.steps VALUES (1, 3, 0.75, 0.5, 0.01);
INSERT INTO public.steps VALUES (1, 4, 1, 0.5, 0.01);
INSERT INTO public.steps VALUES (2, 1, 0.25, 0.5, 0.01);
INSERT INTO public.steps VALUES (2, 2, 0.5, NULL, 0.01);
INSERT INTO public.steps VALUES (2, 3, 0.75, 0.5, 0.01);
INSERT INTO public.steps VALUES (2, 4, 1, 0.5, 0.01);
INSERT INTO public.steps VALUES (2, 5, 1.25, 0.5, 0.01);
INSERT INTO public.steps VALUES (2, 6, 1.5, 0.5, 0.01);
INSERT INTO public.steps VALUES (3, 80, 20, 0.5, 0.01);
INSERT INTO public.steps VALUES (5, 1, 0.25, 0.5, 0.01);
INSERT INTO public.steps VALUES (5, 2, 0.5, 0.5, 0.01);
INSERT INTO public.steps VALUES (10, 1, 0.25, 0.5, 0.01);
INSERT INTO public.steps VALUES (10, 2, 0.5, 0.5, 0.01);
INSERT INTO public.steps VALUES (11, 1, 0.25, 0.5, 0.01);
INSERT INTO public.steps VALUES (13, 1, 0.25, 0.5, 0.01);
INSERT INTO public.steps VALUES (13, 2, 0.5, 0.5, 0.01);
INSERT INTO public.steps VALUES (14, 1, 0.25, 0.5, 0.01);
INSERT INTO public.steps VALUES (6, 1, 0.25, 0.5, 0.01);
INSERT INTO public.teachings VALUES (3, 'acdc3beb3c6db11fa6c9448de2bac2f1d216de2c65cab90cfcce3fa014097c3d', 'default', 6, 2, 3, 1, 0.9871);
INSERT INTO public.teachings VALUES (4, 'acdc3beb3c6db11fa6c9448de2bac2f1d216de2c65cab90cfcce3fa014097c3d', 'ff52f402', 6, NULL, NULL, NULL, NULL);
SELECT pg_catalog.setval('public.details_number_seq', 23, true);
SELECT pg_catalog.setval('public.my_digits_number_seq', 4, true);
SELECT pg_catalog.setval('public.runs_number_seq', 15, true);
ALTER TABLE ONLY public.claim_tests
    ADD CONSTRAINT claim_tests_pkey PRIMARY KEY (run);
ALTER TABLE ONLY public.details
    ADD CONSTRAINT details_pkey PRIMARY KEY (number);
ALTER TABLE ONLY public.drawings
    ADD CONSTRAINT drawings_pkey PRIMARY KEY (run);
ALTER TABLE ONLY public.epochs
    ADD CONSTRAINT epochs_pkey PRIMARY KEY (run, epoch);
ALTER TABLE ONLY public.evaluations
    ADD CONSTRAINT evaluations_pkey PRIMARY KEY (run);
ALTER TABLE ONLY public.my_digits
    ADD CONSTRAINT my_digits_pkey PRIMARY KEY (number);
ALTER TABLE ONLY public.owners
    ADD CONSTRAINT owners_pkey PRIMARY KEY (owner);
ALTER TABLE ONLY public.parents
    ADD CONSTRAINT parents_pkey PRIMARY KEY (run);
ALTER TABLE ONLY public.range_tests
    ADD CONSTRAINT range_tests_pkey PRIMARY KEY (run);
ALTER TABLE ONLY public.resume_points
    ADD CONSTRAINT resume_points_pkey PRIMARY KEY (run);
ALTER TABLE ONLY public.runs
    ADD CONSTRAINT runs_id_key UNIQUE (id);
ALTER TABLE ONLY public.runs
    ADD CONSTRAINT runs_pkey PRIMARY KEY (number);
ALTER TABLE ONLY public.schema_version
    ADD CONSTRAINT schema_version_pkey PRIMARY KEY (version);
ALTER TABLE ONLY public.steps
    ADD CONSTRAINT steps_pkey PRIMARY KEY (run, step);
ALTER TABLE ONLY public.teachings
    ADD CONSTRAINT teachings_pkey PRIMARY KEY (run);
CREATE INDEX claim_tests_by_experiment ON public.claim_tests USING btree (experiment, run);
CREATE INDEX details_by_run ON public.details USING btree (run, kind, number);
CREATE INDEX my_digits_by_owner ON public.my_digits USING btree (owner, fingerprint);
CREATE INDEX runs_by_name ON public.runs USING btree (name);
CREATE INDEX runs_by_state ON public.runs USING btree (state);
CREATE INDEX teachings_by_owner ON public.teachings USING btree (owner);
ALTER TABLE ONLY public.claim_tests
    ADD CONSTRAINT claim_tests_run_fkey FOREIGN KEY (run) REFERENCES public.runs(number) ON DELETE CASCADE;
ALTER TABLE ONLY public.details
    ADD CONSTRAINT details_run_fkey FOREIGN KEY (run) REFERENCES public.runs(number) ON DELETE CASCADE;
ALTER TABLE ONLY public.drawings
    ADD CONSTRAINT drawings_run_fkey FOREIGN KEY (run) REFERENCES public.runs(number) ON DELETE CASCADE;
ALTER TABLE ONLY public.epochs
    ADD CONSTRAINT epochs_run_fkey FOREIGN KEY (run) REFERENCES public.runs(number) ON DELETE CASCADE;
ALTER TABLE ONLY public.evaluations
    ADD CONSTRAINT evaluations_run_fkey FOREIGN KEY (run) REFERENCES public.runs(number) ON DELETE CASCADE;
ALTER TABLE ONLY public.parents
    ADD CONSTRAINT parents_run_fkey FOREIGN KEY (run) REFERENCES public.runs(number) ON DELETE CASCADE;
ALTER TABLE ONLY public.range_tests
    ADD CONSTRAINT range_tests_run_fkey FOREIGN KEY (run) REFERENCES public.runs(number) ON DELETE CASCADE;
ALTER TABLE ONLY public.resume_points
    ADD CONSTRAINT resume_points_run_fkey FOREIGN KEY (run) REFERENCES public.runs(number) ON DELETE CASCADE;
ALTER TABLE ONLY public.steps
    ADD CONSTRAINT steps_run_fkey FOREIGN KEY (run) REFERENCES public.runs(number) ON DELETE CASCADE;
ALTER TABLE ONLY public.teachings
    ADD CONSTRAINT teachings_run_fkey FOREIGN KEY (run) REFERENCES public.runs(number) ON DELETE CASCADE;
