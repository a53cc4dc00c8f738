BEGIN TRANSACTION;
CREATE TABLE claim_tests (
	run INTEGER NOT NULL, 
	claim VARCHAR(80) NOT NULL, 
	experiment VARCHAR(32) NOT NULL, 
	PRIMARY KEY (run), 
	FOREIGN KEY(run) REFERENCES runs (number) ON DELETE CASCADE
);
INSERT INTO "claim_tests" VALUES(7,'no_augmentation','b4cb0901c5a221a2642fe4c91bc3a584');
INSERT INTO "claim_tests" VALUES(8,'no_augmentation','b4cb0901c5a221a2642fe4c91bc3a584');
CREATE TABLE details (
	number INTEGER NOT NULL, 
	run INTEGER NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	step BIGINT NOT NULL, 
	facts TEXT NOT NULL, 
	filters BLOB, 
	PRIMARY KEY (number), 
	FOREIGN KEY(run) REFERENCES runs (number) ON DELETE CASCADE
);
INSERT INTO "details" VALUES(1,1,'paused',1,'{"event": "paused", "step": 1}',NULL);
INSERT INTO "details" VALUES(2,1,'changed',1,'{"event": "changed", "step": 1, "name": "learning_rate", "before": 0.01, "value": 0.001}',NULL);
INSERT INTO "details" VALUES(3,1,'resumed',1,'{"event": "resumed", "step": 1}',NULL);
INSERT INTO "details" VALUES(4,1,'measured',2,'{"event": "measured", "step": 2, "epoch": 0.5, "gradient_norms": {"conv 1": 0.25, "output": Infinity}, "dead_units": {"conv 1": 0.25}, "weight_limits": {"conv 1": 1.5}, "weight_counts": {"conv 1": [2, 2, 3]}, "filters_shape": [1, 1, 1], "drawing": []}',X'6162');
INSERT INTO "details" VALUES(5,1,'checked',2,'{"event": "checked", "epoch": 1, "step": 2, "confusion": [[1, 0, 0, 0, 0, 0, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 1, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 1, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 1, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 1, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 1, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 1, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0, 1, 0], [0, 0, 0, 0, 0, 0, 0, 0, 0, 1]], "training_loss": 0.5, "training_accuracy": 0.9, "contradicted": 0.125, "images": 2000, "kernel_median": null}',NULL);
INSERT INTO "details" VALUES(6,1,'measured',4,'{"event": "measured", "step": 4, "epoch": 1.0, "gradient_norms": {"conv 1": 0.125, "output": Infinity}, "dead_units": {"conv 1": 0.25}, "weight_limits": {"conv 1": 1.5}, "weight_counts": {"conv 1": [4, 2, 3]}, "filters_shape": [], "drawing": []}',NULL);
INSERT INTO "details" VALUES(7,1,'checked',4,'{"event": "checked", "epoch": 2, "step": 4, "confusion": [[2, 0, 0, 0, 0, 0, 0, 0, 0, 0], [0, 2, 0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 2, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 2, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 2, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 2, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 2, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 2, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0, 2, 0], [0, 0, 0, 0, 0, 0, 0, 0, 0, 2]], "training_loss": 0.25, "training_accuracy": 0.9, "contradicted": 0.125, "images": 2000, "kernel_median": null}',NULL);
INSERT INTO "details" VALUES(8,2,'paused',1,'{"event": "paused", "step": 1}',NULL);
INSERT INTO "details" VALUES(9,2,'changed',1,'{"event": "changed", "step": 1, "name": "learning_rate", "before": 0.01, "value": 0.001}',NULL);
INSERT INTO "details" VALUES(10,2,'resumed',1,'{"event": "resumed", "step": 1}',NULL);
INSERT INTO "details" VALUES(11,2,'measured',2,'{"event": "measured", "step": 2, "epoch": 0.5, "gradient_norms": {"conv 1": 0.25, "output": Infinity}, "dead_units": {"conv 1": 0.25}, "weight_limits": {"conv 1": 1.5}, "weight_counts": {"conv 1": [2, 2, 3]}, "filters_shape": [1, 1, 1], "drawing": []}',X'6162');
INSERT INTO "details" VALUES(12,2,'checked',2,'{"event": "checked", "epoch": 1, "step": 2, "confusion": [[1, 0, 0, 0, 0, 0, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 1, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 1, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 1, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 1, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 1, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 1, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0, 1, 0], [0, 0, 0, 0, 0, 0, 0, 0, 0, 1]], "training_loss": 0.5, "training_accuracy": 0.9, "contradicted": 0.125, "images": 2000, "kernel_median": null}',NULL);
INSERT INTO "details" VALUES(13,2,'measured',4,'{"event": "measured", "step": 4, "epoch": 1.0, "gradient_norms": {"conv 1": 0.125, "output": Infinity}, "dead_units": {"conv 1": 0.25}, "weight_limits": {"conv 1": 1.5}, "weight_counts": {"conv 1": [4, 2, 3]}, "filters_shape": [], "drawing": []}',NULL);
INSERT INTO "details" VALUES(14,2,'checked',4,'{"event": "checked", "epoch": 2, "step": 4, "confusion": [[2, 0, 0, 0, 0, 0, 0, 0, 0, 0], [0, 2, 0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 2, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 2, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 2, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 2, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 2, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 2, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0, 2, 0], [0, 0, 0, 0, 0, 0, 0, 0, 0, 2]], "training_loss": 0.25, "training_accuracy": 0.9, "contradicted": 0.125, "images": 2000, "kernel_median": null}',NULL);
INSERT INTO "details" VALUES(15,2,'checked',6,'{"event": "checked", "epoch": 3, "step": 6, "confusion": [[3, 0, 0, 0, 0, 0, 0, 0, 0, 0], [0, 3, 0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 3, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 3, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 3, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 3, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 3, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 3, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0, 3, 0], [0, 0, 0, 0, 0, 0, 0, 0, 0, 3]], "training_loss": 0.16666666666666666, "training_accuracy": 0.9, "contradicted": 0.125, "images": 2000, "kernel_median": null}',NULL);
INSERT INTO "details" VALUES(16,7,'tried',1,'{"event": "tried", "step": 1, "claim": "no_augmentation", "arm": "none", "seed": 0, "values": {"test_accuracy": 0.9, "lost": NaN}}',NULL);
INSERT INTO "details" VALUES(17,7,'tried',2,'{"event": "tried", "step": 2, "claim": "no_augmentation", "arm": "all", "seed": 0, "values": {"test_accuracy": 0.91, "lost": NaN}}',NULL);
INSERT INTO "details" VALUES(18,7,'tried',3,'{"event": "tried", "step": 3, "claim": "no_augmentation", "arm": "none", "seed": 1, "values": {"test_accuracy": 0.92, "lost": NaN}}',NULL);
INSERT INTO "details" VALUES(19,7,'tried',4,'{"event": "tried", "step": 4, "claim": "no_augmentation", "arm": "all", "seed": 1, "values": {"test_accuracy": 0.93, "lost": NaN}}',NULL);
INSERT INTO "details" VALUES(20,9,'fitted',0,'{"event": "fitted", "done": 1, "of": 45, "pair": [0, 1]}',NULL);
INSERT INTO "details" VALUES(21,9,'fitted',0,'{"event": "fitted", "done": 2, "of": 45, "pair": [0, 2]}',NULL);
INSERT INTO "details" VALUES(22,9,'checked',0,'{"event": "checked", "epoch": 1, "step": 0, "confusion": [[1, 0, 0, 0, 0, 0, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 1, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 1, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 1, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 1, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 1, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 1, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0, 1, 0], [0, 0, 0, 0, 0, 0, 0, 0, 0, 1]], "training_loss": 0.5, "training_accuracy": 0.9, "contradicted": 0.125, "images": 2000, "kernel_median": null}',NULL);
INSERT INTO "details" VALUES(23,13,'paused',2,'{"event": "paused", "step": 2}',NULL);
CREATE TABLE drawings (
	run INTEGER NOT NULL, 
	pixels BLOB NOT NULL, 
	PRIMARY KEY (run), 
	FOREIGN KEY(run) REFERENCES runs (number) ON DELETE CASCADE
);
INSERT INTO "drawings" VALUES(1,X'000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F202122232425262728292A2B2C2D2E2F303132333435363738393A3B3C3D3E3F404142434445464748494A4B4C4D4E4F505152535455565758595A5B5C5D5E5F606162636465666768696A6B6C6D6E6F707172737475767778797A7B7C7D7E7F808182838485868788898A8B8C8D8E8F909192939495969798999A9B9C9D9E9FA0A1A2A3A4A5A6A7A8A9AAABACADAEAFB0B1B2B3B4B5B6B7B8B9BABBBCBDBEBFC0C1C2C3C4C5C6C7C8C9CACBCCCDCECFD0D1D2D3D4D5D6D7D8D9DADBDCDDDEDFE0E1E2E3E4E5E6E7E8E9EAEBECEDEEEFF0F1F2F3F4F5F6F7F8F9FAFBFCFDFEFF000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F202122232425262728292A2B2C2D2E2F303132333435363738393A3B3C3D3E3F404142434445464748494A4B4C4D4E4F505152535455565758595A5B5C5D5E5F606162636465666768696A6B6C6D6E6F707172737475767778797A7B7C7D7E7F808182838485868788898A8B8C8D8E8F909192939495969798999A9B9C9D9E9FA0A1A2A3A4A5A6A7A8A9AAABACADAEAFB0B1B2B3B4B5B6B7B8B9BABBBCBDBEBFC0C1C2C3C4C5C6C7C8C9CACBCCCDCECFD0D1D2D3D4D5D6D7D8D9DADBDCDDDEDFE0E1E2E3E4E5E6E7E8E9EAEBECEDEEEFF0F1F2F3F4F5F6F7F8F9FAFBFCFDFEFF000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F202122232425262728292A2B2C2D2E2F303132333435363738393A3B3C3D3E3F404142434445464748494A4B4C4D4E4F505152535455565758595A5B5C5D5E5F606162636465666768696A6B6C6D6E6F707172737475767778797A7B7C7D7E7F808182838485868788898A8B8C8D8E8F909192939495969798999A9B9C9D9E9FA0A1A2A3A4A5A6A7A8A9AAABACADAEAFB0B1B2B3B4B5B6B7B8B9BABBBCBDBEBFC0C1C2C3C4C5C6C7C8C9CACBCCCDCECFD0D1D2D3D4D5D6D7D8D9DADBDCDDDEDFE0E1E2E3E4E5E6E7E8E9EAEBECEDEEEFF0F1F2F3F4F5F6F7F8F9FAFBFCFDFEFF000102030405060708090A0B0C0D0E0F');
INSERT INTO "drawings" VALUES(2,X'000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F202122232425262728292A2B2C2D2E2F303132333435363738393A3B3C3D3E3F404142434445464748494A4B4C4D4E4F505152535455565758595A5B5C5D5E5F606162636465666768696A6B6C6D6E6F707172737475767778797A7B7C7D7E7F808182838485868788898A8B8C8D8E8F909192939495969798999A9B9C9D9E9FA0A1A2A3A4A5A6A7A8A9AAABACADAEAFB0B1B2B3B4B5B6B7B8B9BABBBCBDBEBFC0C1C2C3C4C5C6C7C8C9CACBCCCDCECFD0D1D2D3D4D5D6D7D8D9DADBDCDDDEDFE0E1E2E3E4E5E6E7E8E9EAEBECEDEEEFF0F1F2F3F4F5F6F7F8F9FAFBFCFDFEFF000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F202122232425262728292A2B2C2D2E2F303132333435363738393A3B3C3D3E3F404142434445464748494A4B4C4D4E4F505152535455565758595A5B5C5D5E5F606162636465666768696A6B6C6D6E6F707172737475767778797A7B7C7D7E7F808182838485868788898A8B8C8D8E8F909192939495969798999A9B9C9D9E9FA0A1A2A3A4A5A6A7A8A9AAABACADAEAFB0B1B2B3B4B5B6B7B8B9BABBBCBDBEBFC0C1C2C3C4C5C6C7C8C9CACBCCCDCECFD0D1D2D3D4D5D6D7D8D9DADBDCDDDEDFE0E1E2E3E4E5E6E7E8E9EAEBECEDEEEFF0F1F2F3F4F5F6F7F8F9FAFBFCFDFEFF000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F202122232425262728292A2B2C2D2E2F303132333435363738393A3B3C3D3E3F404142434445464748494A4B4C4D4E4F505152535455565758595A5B5C5D5E5F606162636465666768696A6B6C6D6E6F707172737475767778797A7B7C7D7E7F808182838485868788898A8B8C8D8E8F909192939495969798999A9B9C9D9E9FA0A1A2A3A4A5A6A7A8A9AAABACADAEAFB0B1B2B3B4B5B6B7B8B9BABBBCBDBEBFC0C1C2C3C4C5C6C7C8C9CACBCCCDCECFD0D1D2D3D4D5D6D7D8D9DADBDCDDDEDFE0E1E2E3E4E5E6E7E8E9EAEBECEDEEEFF0F1F2F3F4F5F6F7F8F9FAFBFCFDFEFF000102030405060708090A0B0C0D0E0F');
CREATE TABLE epochs (
	run INTEGER NOT NULL, 
	epoch INTEGER NOT NULL, 
	training_loss FLOAT, 
	training_accuracy FLOAT, 
	validation_loss FLOAT, 
	validation_accuracy FLOAT, 
	wall_s FLOAT NOT NULL, 
	weights BLOB NOT NULL, 
	PRIMARY KEY (run, epoch), 
	FOREIGN KEY(run) REFERENCES runs (number) ON DELETE CASCADE
);
INSERT INTO "epochs" VALUES(1,1,0.9,0.7,0.8,0.75,1.0,X'0101010101010101010101010101010101010101');
INSERT INTO "epochs" VALUES(1,2,0.45,0.7,0.4,0.75,2.0,X'0202020202020202020202020202020202020202');
INSERT INTO "epochs" VALUES(2,1,0.9,0.7,0.8,0.75,1.0,X'0101010101010101010101010101010101010101');
INSERT INTO "epochs" VALUES(2,2,0.45,0.7,0.4,0.75,2.0,X'0202020202020202020202020202020202020202');
INSERT INTO "epochs" VALUES(2,3,0.3,0.7,2.66666666666666662965e-01,0.75,3.0,X'0303030303030303030303030303030303030303');
INSERT INTO "epochs" VALUES(3,1,0.9,0.7,0.8,0.75,1.0,X'0101010101010101010101010101010101010101');
INSERT INTO "epochs" VALUES(9,1,0.9,0.7,0.8,0.75,1.0,X'0101010101010101010101010101010101010101');
INSERT INTO "epochs" VALUES(10,1,0.9,0.7,0.8,0.75,1.0,X'0101010101010101010101010101010101010101');
INSERT INTO "epochs" VALUES(13,1,0.9,0.7,0.8,0.75,1.0,X'0101010101010101010101010101010101010101');
INSERT INTO "epochs" VALUES(14,1,0.9,0.7,0.8,0.75,1.0,X'0101010101010101010101010101010101010101');
CREATE TABLE evaluations (
	run INTEGER NOT NULL, 
	test_probabilities BLOB NOT NULL, 
	PRIMARY KEY (run), 
	FOREIGN KEY(run) REFERENCES runs (number) ON DELETE CASCADE
);
INSERT INTO "evaluations" VALUES(1,X'003C003C003C003C003C003C003C003C003C003C');
INSERT INTO "evaluations" VALUES(3,X'003C003C003C003C003C003C003C003C003C003C');
INSERT INTO "evaluations" VALUES(9,X'003C003C003C003C003C003C003C003C003C003C');
CREATE TABLE my_digits (
	number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	owner VARCHAR(64) NOT NULL, 
	label INTEGER NOT NULL, 
	kept_at DATETIME NOT NULL, 
	fingerprint VARCHAR(32) NOT NULL, 
	png BLOB NOT NULL
);
INSERT INTO "my_digits" VALUES(1,'acdc3beb3c6db11fa6c9448de2bac2f1d216de2c65cab90cfcce3fa014097c3d',3,'2026-11-29 14:47:51.071767','881ab9b935685667c6e928242964b137',X'89504E470D0A1A0A0000000D494844520000001E000000280800000000CC7815CE0000002E49444154789C636018B48011C1FC8FCA656060606060C2AF9B8034C4B46F5864B8686EF7A8F4A8F4B0901EC400004FD0033AC0B9A7500000000049454E44AE426082');
INSERT INTO "my_digits" VALUES(2,'acdc3beb3c6db11fa6c9448de2bac2f1d216de2c65cab90cfcce3fa014097c3d',7,'2026-11-29 14:47:51.077652','d357c53c7f037ed80db50e04dbf33ed5',X'89504E470D0A1A0A0000000D494844520000001E000000280800000000CC7815CE0000003249444154789C636018B48011C1FC8FCA656060606060C2AF7B104B437CF21A8B8C28429A818161B8F97B547A98490F62000057DD033AEAF2BFE40000000049454E44AE426082');
INSERT INTO "my_digits" VALUES(3,'acdc3beb3c6db11fa6c9448de2bac2f1d216de2c65cab90cfcce3fa014097c3d',3,'2026-11-29 14:47:51.080076','229e9e4f79f3fa2cd393496c7c05bd66',X'89504E470D0A1A0A0000000D494844520000001E000000280800000000CC7815CE0000002E49444154789C636018B48011C1FC8FCA656060606060C2AF9B8034C4B427586464686EF7A8F4A8F4B0901EC400004E68033A44E798E90000000049454E44AE426082');
INSERT INTO "my_digits" VALUES(4,'48fb25b477de5f3444e2ba29f840ed47d095d553f832d41c7f2db9d8b8ccb877',9,'2026-11-29 14:47:51.082121','229e9e4f79f3fa2cd393496c7c05bd66',X'89504E470D0A1A0A0000000D494844520000001E000000280800000000CC7815CE0000002E49444154789C636018B48011C1FC8FCA656060606060C2AF9B8034C4B427586464686EF7A8F4A8F4B0901EC400004E68033A44E798E90000000049454E44AE426082');
CREATE TABLE owners (
	owner TEXT NOT NULL, 
	seen_at DATETIME NOT NULL, 
	PRIMARY KEY (owner)
);
INSERT INTO "owners" VALUES('host|7|1795963666.53','2026-11-29 14:47:51.065762');
CREATE TABLE parents (
	run INTEGER NOT NULL, 
	parent VARCHAR(32) NOT NULL, 
	PRIMARY KEY (run), 
	FOREIGN KEY(run) REFERENCES runs (number) ON DELETE CASCADE
);
INSERT INTO "parents" VALUES(2,'236f51e0');
CREATE TABLE range_tests (
	run INTEGER NOT NULL, 
	suggested FLOAT, 
	lowest FLOAT, 
	wall_s FLOAT, 
	PRIMARY KEY (run), 
	FOREIGN KEY(run) REFERENCES runs (number) ON DELETE CASCADE
);
INSERT INTO "range_tests" VALUES(5,0.02,0.1,3.5);
INSERT INTO "range_tests" VALUES(6,NULL,NULL,NULL);
CREATE TABLE resume_points (
	run INTEGER NOT NULL, 
	epoch INTEGER NOT NULL, 
	step BIGINT NOT NULL, 
	resume BLOB NOT NULL, 
	PRIMARY KEY (run), 
	FOREIGN KEY(run) REFERENCES runs (number) ON DELETE CASCADE
);
INSERT INTO "resume_points" VALUES(1,2,4,X'74776F');
INSERT INTO "resume_points" VALUES(2,3,6,X'7468726565');
INSERT INTO "resume_points" VALUES(10,1,2,X'72');
INSERT INTO "resume_points" VALUES(13,1,2,X'6F6E65');
INSERT INTO "resume_points" VALUES(14,1,1,X'6F6E65');
CREATE TABLE runs (
	number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	id VARCHAR(32) NOT NULL, 
	name VARCHAR(80) NOT NULL, 
	recipe TEXT NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	created_at DATETIME NOT NULL, 
	started_at DATETIME, 
	ended_at DATETIME, 
	owner TEXT NOT NULL, 
	session TEXT NOT NULL, 
	owner_token VARCHAR(64) NOT NULL, 
	steps BIGINT, 
	steps_done BIGINT NOT NULL, 
	parameters BIGINT, 
	device VARCHAR(16), 
	epochs_done INTEGER NOT NULL, 
	validation_accuracy FLOAT, 
	test_accuracy FLOAT, 
	wall_s FLOAT, 
	error_code TEXT, 
	error_message TEXT, 
	error_fix TEXT, 
	UNIQUE (id)
);
INSERT INTO "runs" VALUES(1,'236f51e0','café ✓ finished','{"train_images": 55000, "keep_0": 1.0, "keep_1": 1.0, "keep_2": 1.0, "keep_3": 0.25, "keep_4": 1.0, "keep_5": 1.0, "keep_6": 1.0, "keep_7": 1.0, "keep_8": 1.0, "keep_9": 1.0, "balance": "none", "label_noise": 0.0, "label_noise_kind": "random", "outliers": 0.0, "outlier_kind": "noise", "left_out": "3,17,59999", "cleaning": false, "scaling": "standardised", "train_offset_px": 0, "test_offset_px": 0, "rotation_deg": 0.0, "shift_x": 0.0, "shift_y": 0.0, "shear_deg": 0.0, "zoom": 0.0, "elastic_px": 0.0, "thickness_px": 0.0, "pen_habits": 0.5, "pixel_noise": 0.0, "flip": "none", "fill": "constant", "model": "linear", "width": 1.0, "extra_layers": 0, "svm_c": 10.0, "svm_gamma": 0.0012755102040816326, "activation": "relu", "initialization": "pytorch", "batch_norm": true, "conv_dropout": 0.0, "dense_dropout": 0.0, "optimizer": "adamw", "momentum": 0.9, "learning_rate": 0.01, "schedule": "constant", "weight_decay": 0.0001, "l1": 0.0, "label_smoothing": 0.05, "gradient_clip": 0.0, "batch_size": 128, "precision": "single", "epochs": 2, "early_stopping": 0, "seed": 0}','finished','2026-11-29 14:47:50.898707','2026-11-29 14:47:50.902842','2026-11-29 14:47:50.926357','host|7|1795963666.53','anna','4ctpq8z-VIlwDSJdOxAX4gidbELgHEZ7I6LbzECtWrQ',8,4,7850,'cpu',2,0.75,0.8125,2.5,NULL,NULL,NULL);
INSERT INTO "runs" VALUES(2,'a359f1b5','café ✓ finished · longer','{"train_images": 55000, "keep_0": 1.0, "keep_1": 1.0, "keep_2": 1.0, "keep_3": 0.25, "keep_4": 1.0, "keep_5": 1.0, "keep_6": 1.0, "keep_7": 1.0, "keep_8": 1.0, "keep_9": 1.0, "balance": "none", "label_noise": 0.0, "label_noise_kind": "random", "outliers": 0.0, "outlier_kind": "noise", "left_out": "3,17,59999", "cleaning": false, "scaling": "standardised", "train_offset_px": 0, "test_offset_px": 0, "rotation_deg": 0.0, "shift_x": 0.0, "shift_y": 0.0, "shear_deg": 0.0, "zoom": 0.0, "elastic_px": 0.0, "thickness_px": 0.0, "pen_habits": 0.5, "pixel_noise": 0.0, "flip": "none", "fill": "constant", "model": "linear", "width": 1.0, "extra_layers": 0, "svm_c": 10.0, "svm_gamma": 0.0012755102040816326, "activation": "relu", "initialization": "pytorch", "batch_norm": true, "conv_dropout": 0.0, "dense_dropout": 0.0, "optimizer": "adamw", "momentum": 0.9, "learning_rate": 0.01, "schedule": "constant", "weight_decay": 0.0001, "l1": 0.0, "label_smoothing": 0.05, "gradient_clip": 0.0, "batch_size": 128, "precision": "single", "epochs": 5, "early_stopping": 0, "seed": 0}','stopped','2026-11-29 14:47:50.929376','2026-11-29 14:47:50.941478','2026-11-29 14:47:50.949978','host|7|1795963666.53','anna','pyxXhYZ0U9t1qAdxWwtLuIOSi9Z-Xe88wC5OOAuVvS4',20,6,7850,'cpu',3,0.75,NULL,1.5,NULL,NULL,NULL);
INSERT INTO "runs" VALUES(3,'3808d054','default · my hand (6)','{"train_images": 55000, "keep_0": 1.0, "keep_1": 1.0, "keep_2": 1.0, "keep_3": 1.0, "keep_4": 1.0, "keep_5": 1.0, "keep_6": 1.0, "keep_7": 1.0, "keep_8": 1.0, "keep_9": 1.0, "balance": "none", "label_noise": 0.0, "label_noise_kind": "random", "outliers": 0.0, "outlier_kind": "noise", "left_out": "", "cleaning": false, "scaling": "standardised", "train_offset_px": 0, "test_offset_px": 0, "rotation_deg": 0.0, "shift_x": 0.0, "shift_y": 0.0, "shear_deg": 0.0, "zoom": 0.0, "elastic_px": 0.0, "thickness_px": 0.0, "pen_habits": 0.0, "pixel_noise": 0.0, "flip": "none", "fill": "constant", "model": "cnn", "width": 1.0, "extra_layers": 0, "svm_c": 10.0, "svm_gamma": 0.0012755102040816326, "activation": "relu", "initialization": "pytorch", "batch_norm": true, "conv_dropout": 0.0, "dense_dropout": 0.0, "optimizer": "adamw", "momentum": 0.9, "learning_rate": 0.01, "schedule": "one_cycle", "weight_decay": 0.0001, "l1": 0.0, "label_smoothing": 0.05, "gradient_clip": 0.0, "batch_size": 128, "precision": "single", "epochs": 1, "early_stopping": 0, "seed": 0}','finished','2026-11-29 14:47:50.951105','2026-11-29 14:47:50.956354','2026-11-29 14:47:50.967089','host|7|1795963666.53','anna','lWxhJStjZF31NdflfkmCBi5bVhAVsTCwafzB1mMvrxw',80,80,7850,'cpu',1,0.75,0.9869,2.5,NULL,NULL,NULL);
INSERT INTO "runs" VALUES(4,'7abbf198','another lesson','{"train_images": 55000, "keep_0": 1.0, "keep_1": 1.0, "keep_2": 1.0, "keep_3": 1.0, "keep_4": 1.0, "keep_5": 1.0, "keep_6": 1.0, "keep_7": 1.0, "keep_8": 1.0, "keep_9": 1.0, "balance": "none", "label_noise": 0.0, "label_noise_kind": "random", "outliers": 0.0, "outlier_kind": "noise", "left_out": "", "cleaning": false, "scaling": "standardised", "train_offset_px": 0, "test_offset_px": 0, "rotation_deg": 0.0, "shift_x": 0.0, "shift_y": 0.0, "shear_deg": 0.0, "zoom": 0.0, "elastic_px": 0.0, "thickness_px": 0.0, "pen_habits": 0.0, "pixel_noise": 0.0, "flip": "none", "fill": "constant", "model": "cnn", "width": 1.0, "extra_layers": 0, "svm_c": 10.0, "svm_gamma": 0.0012755102040816326, "activation": "relu", "initialization": "pytorch", "batch_norm": true, "conv_dropout": 0.0, "dense_dropout": 0.0, "optimizer": "adamw", "momentum": 0.9, "learning_rate": 0.01, "schedule": "one_cycle", "weight_decay": 0.0001, "l1": 0.0, "label_smoothing": 0.05, "gradient_clip": 0.0, "batch_size": 128, "precision": "single", "epochs": 1, "early_stopping": 0, "seed": 0}','queued','2026-11-29 14:47:50.972390',NULL,NULL,'host|7|1795963666.53','anna','K8hwAElFLFcUSU_33ubu0Bi24L23HS12OOijzDlMijk',NULL,0,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "runs" VALUES(5,'7859685f','range test · cnn','{"train_images": 55000, "keep_0": 1.0, "keep_1": 1.0, "keep_2": 1.0, "keep_3": 1.0, "keep_4": 1.0, "keep_5": 1.0, "keep_6": 1.0, "keep_7": 1.0, "keep_8": 1.0, "keep_9": 1.0, "balance": "none", "label_noise": 0.0, "label_noise_kind": "random", "outliers": 0.0, "outlier_kind": "noise", "left_out": "", "cleaning": false, "scaling": "standardised", "train_offset_px": 0, "test_offset_px": 0, "rotation_deg": 0.0, "shift_x": 0.0, "shift_y": 0.0, "shear_deg": 0.0, "zoom": 0.0, "elastic_px": 0.0, "thickness_px": 0.0, "pen_habits": 0.0, "pixel_noise": 0.0, "flip": "none", "fill": "constant", "model": "cnn", "width": 1.0, "extra_layers": 0, "svm_c": 10.0, "svm_gamma": 0.0012755102040816326, "activation": "relu", "initialization": "pytorch", "batch_norm": true, "conv_dropout": 0.0, "dense_dropout": 0.0, "optimizer": "adamw", "momentum": 0.9, "learning_rate": 0.01, "schedule": "one_cycle", "weight_decay": 0.0001, "l1": 0.0, "label_smoothing": 0.05, "gradient_clip": 0.0, "batch_size": 128, "precision": "single", "epochs": 1, "early_stopping": 0, "seed": 0}','finished','2026-11-29 14:47:50.976361','2026-11-29 14:47:50.981202','2026-11-29 14:47:50.985572','host|7|1795963666.53','ben','nOXMlOLh8uhkXskb2cl5HwtuGyHUwu_zgQLyKTtiz10',100,2,7850,'cpu',0,NULL,NULL,3.5,NULL,NULL,NULL);
INSERT INTO "runs" VALUES(6,'b950057b','range test · cnn','{"train_images": 55000, "keep_0": 1.0, "keep_1": 1.0, "keep_2": 1.0, "keep_3": 1.0, "keep_4": 1.0, "keep_5": 1.0, "keep_6": 1.0, "keep_7": 1.0, "keep_8": 1.0, "keep_9": 1.0, "balance": "none", "label_noise": 0.0, "label_noise_kind": "random", "outliers": 0.0, "outlier_kind": "noise", "left_out": "", "cleaning": false, "scaling": "standardised", "train_offset_px": 0, "test_offset_px": 0, "rotation_deg": 0.0, "shift_x": 0.0, "shift_y": 0.0, "shear_deg": 0.0, "zoom": 0.0, "elastic_px": 0.0, "thickness_px": 0.0, "pen_habits": 0.0, "pixel_noise": 0.0, "flip": "none", "fill": "constant", "model": "cnn", "width": 1.0, "extra_layers": 0, "svm_c": 10.0, "svm_gamma": 0.0012755102040816326, "activation": "relu", "initialization": "pytorch", "batch_norm": true, "conv_dropout": 0.0, "dense_dropout": 0.0, "optimizer": "adamw", "momentum": 0.9, "learning_rate": 0.01, "schedule": "one_cycle", "weight_decay": 0.0001, "l1": 0.0, "label_smoothing": 0.05, "gradient_clip": 0.0, "batch_size": 128, "precision": "single", "epochs": 1, "early_stopping": 0, "seed": 0}','running','2026-11-29 14:47:50.986532','2026-11-29 14:47:50.993704',NULL,'host|7|1795963666.53','ben','TKnDokgPRcZOLWkFKt_uKX_3tvakmTHLGmK43YbI-Vg',100,1,7850,'cpu',0,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "runs" VALUES(7,'90e57ee5','claim test · No augmentation','{"train_images": 4000, "keep_0": 0.5, "keep_1": 0.5, "keep_2": 0.5, "keep_3": 0.5, "keep_4": 0.5, "keep_5": 0.5, "keep_6": 0.5, "keep_7": 0.5, "keep_8": 0.5, "keep_9": 0.5, "balance": "none", "label_noise": 0.0, "label_noise_kind": "random", "outliers": 0.0, "outlier_kind": "noise", "left_out": "", "cleaning": false, "scaling": "standardised", "train_offset_px": 0, "test_offset_px": 0, "rotation_deg": 0.0, "shift_x": 0.0, "shift_y": 0.0, "shear_deg": 0.0, "zoom": 0.0, "elastic_px": 0.0, "thickness_px": 0.0, "pen_habits": 0.0, "pixel_noise": 0.0, "flip": "none", "fill": "constant", "model": "cnn", "width": 1.0, "extra_layers": 0, "svm_c": 10.0, "svm_gamma": 0.0012755102040816326, "activation": "relu", "initialization": "pytorch", "batch_norm": true, "conv_dropout": 0.0, "dense_dropout": 0.0, "optimizer": "adamw", "momentum": 0.9, "learning_rate": 0.01, "schedule": "one_cycle", "weight_decay": 0.0001, "l1": 0.0, "label_smoothing": 0.05, "gradient_clip": 0.0, "batch_size": 128, "precision": "single", "epochs": 6, "early_stopping": 0, "seed": 0}','finished','2026-11-29 14:47:50.995750','2026-11-29 14:47:51.005019','2026-11-29 14:47:51.010679','host|7|1795963666.53','ben','2nANgT0xX4aFTzQf0hsDGPb_03KwrZY2qNVCqzOR3Sw',4,4,7850,'cpu',0,NULL,NULL,9.5,NULL,NULL,NULL);
INSERT INTO "runs" VALUES(8,'87517542','claim test · No augmentation','{"train_images": 4000, "keep_0": 0.5, "keep_1": 0.5, "keep_2": 0.5, "keep_3": 0.5, "keep_4": 0.5, "keep_5": 0.5, "keep_6": 0.5, "keep_7": 0.5, "keep_8": 0.5, "keep_9": 0.5, "balance": "none", "label_noise": 0.0, "label_noise_kind": "random", "outliers": 0.0, "outlier_kind": "noise", "left_out": "", "cleaning": false, "scaling": "standardised", "train_offset_px": 0, "test_offset_px": 0, "rotation_deg": 0.0, "shift_x": 0.0, "shift_y": 0.0, "shear_deg": 0.0, "zoom": 0.0, "elastic_px": 0.0, "thickness_px": 0.0, "pen_habits": 0.0, "pixel_noise": 0.0, "flip": "none", "fill": "constant", "model": "cnn", "width": 1.0, "extra_layers": 0, "svm_c": 10.0, "svm_gamma": 0.0012755102040816326, "activation": "relu", "initialization": "pytorch", "batch_norm": true, "conv_dropout": 0.0, "dense_dropout": 0.0, "optimizer": "adamw", "momentum": 0.9, "learning_rate": 0.01, "schedule": "one_cycle", "weight_decay": 0.0001, "l1": 0.0, "label_smoothing": 0.05, "gradient_clip": 0.0, "batch_size": 128, "precision": "single", "epochs": 6, "early_stopping": 0, "seed": 0}','queued','2026-11-29 14:47:51.011630',NULL,NULL,'host|7|1795963666.53','ben','m9EufIRaRdHmNmKUty1VLtzHLW7puw5RdiYHUvpgO6g',NULL,0,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "runs" VALUES(9,'6cbbe2ca','svm · images 1000','{"train_images": 1000, "keep_0": 1.0, "keep_1": 1.0, "keep_2": 1.0, "keep_3": 1.0, "keep_4": 1.0, "keep_5": 1.0, "keep_6": 1.0, "keep_7": 1.0, "keep_8": 1.0, "keep_9": 1.0, "balance": "none", "label_noise": 0.0, "label_noise_kind": "random", "outliers": 0.0, "outlier_kind": "noise", "left_out": "", "cleaning": false, "scaling": "standardised", "train_offset_px": 0, "test_offset_px": 0, "rotation_deg": 0.0, "shift_x": 0.0, "shift_y": 0.0, "shear_deg": 0.0, "zoom": 0.0, "elastic_px": 0.0, "thickness_px": 0.0, "pen_habits": 0.0, "pixel_noise": 0.0, "flip": "none", "fill": "constant", "model": "svm", "width": 1.0, "extra_layers": 0, "svm_c": 10.0, "svm_gamma": 0.0012755102040816326, "activation": "relu", "initialization": "pytorch", "batch_norm": true, "conv_dropout": 0.0, "dense_dropout": 0.0, "optimizer": "adamw", "momentum": 0.9, "learning_rate": 0.01, "schedule": "one_cycle", "weight_decay": 0.0001, "l1": 0.0, "label_smoothing": 0.05, "gradient_clip": 0.0, "batch_size": 128, "precision": "single", "epochs": 1, "early_stopping": 0, "seed": 0}','finished','2026-11-29 14:47:51.014176','2026-11-29 14:47:51.015473','2026-11-29 14:47:51.025046','host|7|1795963666.53','','Ume7rPEgMAQ4l38xXCpkEsmnUTl58535bfztQS5ZnjY',0,0,7850,'cpu',1,0.75,0.93,2.5,NULL,NULL,NULL);
INSERT INTO "runs" VALUES(10,'bf18bfe1','cnn · lr 1 · patience 2','{"train_images": 55000, "keep_0": 1.0, "keep_1": 1.0, "keep_2": 1.0, "keep_3": 1.0, "keep_4": 1.0, "keep_5": 1.0, "keep_6": 1.0, "keep_7": 1.0, "keep_8": 1.0, "keep_9": 1.0, "balance": "none", "label_noise": 0.0, "label_noise_kind": "random", "outliers": 0.0, "outlier_kind": "noise", "left_out": "", "cleaning": false, "scaling": "standardised", "train_offset_px": 0, "test_offset_px": 0, "rotation_deg": 0.0, "shift_x": 0.0, "shift_y": 0.0, "shear_deg": 0.0, "zoom": 0.0, "elastic_px": 0.0, "thickness_px": 0.0, "pen_habits": 0.0, "pixel_noise": 0.0, "flip": "none", "fill": "constant", "model": "cnn", "width": 1.0, "extra_layers": 0, "svm_c": 10.0, "svm_gamma": 0.0012755102040816326, "activation": "relu", "initialization": "pytorch", "batch_norm": true, "conv_dropout": 0.0, "dense_dropout": 0.0, "optimizer": "adamw", "momentum": 0.9, "learning_rate": 1.0, "schedule": "one_cycle", "weight_decay": 0.0001, "l1": 0.0, "label_smoothing": 0.05, "gradient_clip": 0.0, "batch_size": 128, "precision": "single", "epochs": 1, "early_stopping": 2, "seed": 0}','diverged','2026-11-29 14:47:51.025992','2026-11-29 14:47:51.027462','2026-11-29 14:47:51.030671','host|7|1795963666.53','','vbobxX6sUoZW-dQ1wZsajnVjG7o4DfcbDZWYNqCEhGw',8,3,7850,'cpu',1,0.75,NULL,0.5,'diverged','The loss stopped being a number at step 3.','Choose a lower learning rate, or turn batch normalisation on.');
INSERT INTO "runs" VALUES(11,'d441d155','failed ünicode','{"train_images": 55000, "keep_0": 1.0, "keep_1": 1.0, "keep_2": 1.0, "keep_3": 1.0, "keep_4": 1.0, "keep_5": 1.0, "keep_6": 1.0, "keep_7": 1.0, "keep_8": 1.0, "keep_9": 1.0, "balance": "none", "label_noise": 0.0, "label_noise_kind": "random", "outliers": 0.0, "outlier_kind": "noise", "left_out": "", "cleaning": false, "scaling": "standardised", "train_offset_px": 0, "test_offset_px": 0, "rotation_deg": 0.0, "shift_x": 0.0, "shift_y": 0.0, "shear_deg": 0.0, "zoom": 0.0, "elastic_px": 0.0, "thickness_px": 0.0, "pen_habits": 0.0, "pixel_noise": 0.0, "flip": "none", "fill": "constant", "model": "cnn", "width": 1.0, "extra_layers": 0, "svm_c": 10.0, "svm_gamma": 0.0012755102040816326, "activation": "relu", "initialization": "pytorch", "batch_norm": true, "conv_dropout": 0.0, "dense_dropout": 0.0, "optimizer": "adamw", "momentum": 0.9, "learning_rate": 0.01, "schedule": "one_cycle", "weight_decay": 0.0001, "l1": 0.0, "label_smoothing": 0.05, "gradient_clip": 0.0, "batch_size": 128, "precision": "single", "epochs": 1, "early_stopping": 0, "seed": 0}','failed','2026-11-29 14:47:51.044656','2026-11-29 14:47:51.046714','2026-11-29 14:47:51.048420','host|7|1795963666.53','','hFDN0GbfpHFA8WbDeY0vVKH-xjwyzO8N39qrdcHKpuw',8,1,7850,'cpu',0,NULL,NULL,NULL,'worker_lost','The process that trained this run ended unexpectedly.','Start it again; its finished epochs are kept.');
INSERT INTO "runs" VALUES(12,'5c247067','waits','{"train_images": 55000, "keep_0": 1.0, "keep_1": 1.0, "keep_2": 1.0, "keep_3": 1.0, "keep_4": 1.0, "keep_5": 1.0, "keep_6": 1.0, "keep_7": 1.0, "keep_8": 1.0, "keep_9": 1.0, "balance": "none", "label_noise": 0.0, "label_noise_kind": "random", "outliers": 0.0, "outlier_kind": "noise", "left_out": "", "cleaning": false, "scaling": "standardised", "train_offset_px": 0, "test_offset_px": 0, "rotation_deg": 0.0, "shift_x": 0.0, "shift_y": 0.0, "shear_deg": 0.0, "zoom": 0.0, "elastic_px": 0.0, "thickness_px": 0.0, "pen_habits": 0.0, "pixel_noise": 0.0, "flip": "none", "fill": "constant", "model": "cnn", "width": 1.0, "extra_layers": 0, "svm_c": 10.0, "svm_gamma": 0.0012755102040816326, "activation": "relu", "initialization": "pytorch", "batch_norm": true, "conv_dropout": 0.0, "dense_dropout": 0.0, "optimizer": "adamw", "momentum": 0.9, "learning_rate": 0.01, "schedule": "one_cycle", "weight_decay": 0.0001, "l1": 0.0, "label_smoothing": 0.05, "gradient_clip": 0.0, "batch_size": 128, "precision": "single", "epochs": 1, "early_stopping": 0, "seed": 0}','queued','2026-11-29 14:47:51.050157',NULL,NULL,'host|7|1795963666.53','eve','LMNEI9IJxYgAVfLgcOUf7uLPq_hnsHrzpt4mE4lcFMM',NULL,0,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "runs" VALUES(13,'ffef798b','paused','{"train_images": 55000, "keep_0": 1.0, "keep_1": 1.0, "keep_2": 1.0, "keep_3": 1.0, "keep_4": 1.0, "keep_5": 1.0, "keep_6": 1.0, "keep_7": 1.0, "keep_8": 1.0, "keep_9": 1.0, "balance": "none", "label_noise": 0.0, "label_noise_kind": "random", "outliers": 0.0, "outlier_kind": "noise", "left_out": "", "cleaning": false, "scaling": "standardised", "train_offset_px": 0, "test_offset_px": 0, "rotation_deg": 0.0, "shift_x": 0.0, "shift_y": 0.0, "shear_deg": 0.0, "zoom": 0.0, "elastic_px": 0.0, "thickness_px": 0.0, "pen_habits": 0.0, "pixel_noise": 0.0, "flip": "none", "fill": "constant", "model": "cnn", "width": 1.0, "extra_layers": 0, "svm_c": 10.0, "svm_gamma": 0.0012755102040816326, "activation": "relu", "initialization": "pytorch", "batch_norm": true, "conv_dropout": 0.0, "dense_dropout": 0.0, "optimizer": "adamw", "momentum": 0.9, "learning_rate": 0.01, "schedule": "one_cycle", "weight_decay": 0.0001, "l1": 0.0, "label_smoothing": 0.05, "gradient_clip": 0.0, "batch_size": 128, "precision": "single", "epochs": 1, "early_stopping": 0, "seed": 0}','running','2026-11-29 14:47:51.054444','2026-11-29 14:47:51.056362',NULL,'host|7|1795963666.53','eve','Qqag-GRX5-0xExdX7GHXP7-OuLEi4oGPfY7ATrW3cTc',8,2,7850,'cpu',1,0.75,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "runs" VALUES(14,'9ea1394b','interrupted','{"train_images": 55000, "keep_0": 1.0, "keep_1": 1.0, "keep_2": 1.0, "keep_3": 1.0, "keep_4": 1.0, "keep_5": 1.0, "keep_6": 1.0, "keep_7": 1.0, "keep_8": 1.0, "keep_9": 1.0, "balance": "none", "label_noise": 0.0, "label_noise_kind": "random", "outliers": 0.0, "outlier_kind": "noise", "left_out": "", "cleaning": false, "scaling": "standardised", "train_offset_px": 0, "test_offset_px": 0, "rotation_deg": 0.0, "shift_x": 0.0, "shift_y": 0.0, "shear_deg": 0.0, "zoom": 0.0, "elastic_px": 0.0, "thickness_px": 0.0, "pen_habits": 0.0, "pixel_noise": 0.0, "flip": "none", "fill": "constant", "model": "cnn", "width": 1.0, "extra_layers": 0, "svm_c": 10.0, "svm_gamma": 0.0012755102040816326, "activation": "relu", "initialization": "pytorch", "batch_norm": true, "conv_dropout": 0.0, "dense_dropout": 0.0, "optimizer": "adamw", "momentum": 0.9, "learning_rate": 0.01, "schedule": "one_cycle", "weight_decay": 0.0001, "l1": 0.0, "label_smoothing": 0.05, "gradient_clip": 0.0, "batch_size": 128, "precision": "single", "epochs": 3, "early_stopping": 0, "seed": 0}','interrupted','2026-11-29 14:47:51.060614','2026-11-29 14:47:51.061739','2026-11-29 14:47:51.064927','host|7|1795963666.53','','IIBxKjO_j-KKAF73i6sGbidg2WQfHYC-C6ICTg-GXkQ',8,1,7850,'cpu',1,0.75,NULL,NULL,'interrupted','Digit Clinic was closed while this run was not done.','Its finished epochs are kept; start it again to train to the end.');
CREATE TABLE schema_version (
	version INTEGER NOT NULL, 
	PRIMARY KEY (version)
);
INSERT INTO "schema_version" VALUES(1);
CREATE TABLE steps (
	run INTEGER NOT NULL, 
	step BIGINT NOT NULL, 
	epoch FLOAT NOT NULL, 
	loss FLOAT, 
	learning_rate FLOAT NOT NULL, 
	PRIMARY KEY (run, step), 
	FOREIGN KEY(run) REFERENCES runs (number) ON DELETE CASCADE
);
INSERT INTO "steps" VALUES(1,1,0.25,0.5,0.01);
INSERT INTO "steps" VALUES(1,2,0.5,NULL,0.01);
INSERT INTO "steps" VALUES(1,3,0.75,0.5,0.01);
INSERT INTO "steps" VALUES(1,4,1.0,0.5,0.01);
INSERT INTO "steps" VALUES(2,1,0.25,0.5,0.01);
INSERT INTO "steps" VALUES(2,2,0.5,NULL,0.01);
INSERT INTO "steps" VALUES(2,3,0.75,0.5,0.01);
INSERT INTO "steps" VALUES(2,4,1.0,0.5,0.01);
INSERT INTO "steps" VALUES(2,5,1.25,0.5,0.01);
INSERT INTO "steps" VALUES(2,6,1.5,0.5,0.01);
INSERT INTO "steps" VALUES(3,80,20.0,0.5,0.01);
INSERT INTO "steps" VALUES(5,1,0.25,0.5,0.01);
INSERT INTO "steps" VALUES(5,2,0.5,0.5,0.01);
INSERT INTO "steps" VALUES(10,1,0.25,0.5,0.01);
INSERT INTO "steps" VALUES(10,2,0.5,0.5,0.01);
INSERT INTO "steps" VALUES(11,1,0.25,0.5,0.01);
INSERT INTO "steps" VALUES(13,1,0.25,0.5,0.01);
INSERT INTO "steps" VALUES(13,2,0.5,0.5,0.01);
INSERT INTO "steps" VALUES(14,1,0.25,0.5,0.01);
INSERT INTO "steps" VALUES(6,1,0.25,0.5,0.01);
CREATE TABLE teachings (
	run INTEGER NOT NULL, 
	owner VARCHAR(64) NOT NULL, 
	parent VARCHAR(80) NOT NULL, 
	digits INTEGER NOT NULL, 
	right_before INTEGER, 
	gained INTEGER, 
	lost INTEGER, 
	test_accuracy_before FLOAT, 
	PRIMARY KEY (run), 
	FOREIGN KEY(run) REFERENCES runs (number) ON DELETE CASCADE
);
INSERT INTO "teachings" VALUES(3,'acdc3beb3c6db11fa6c9448de2bac2f1d216de2c65cab90cfcce3fa014097c3d','default',6,2,3,1,0.9871);
INSERT INTO "teachings" VALUES(4,'acdc3beb3c6db11fa6c9448de2bac2f1d216de2c65cab90cfcce3fa014097c3d','236f51e0',6,NULL,NULL,NULL,NULL);
CREATE INDEX runs_by_state ON runs (state);
CREATE INDEX runs_by_name ON runs (name);
CREATE INDEX my_digits_by_owner ON my_digits (owner, fingerprint);
CREATE INDEX teachings_by_owner ON teachings (owner);
CREATE INDEX details_by_run ON details (run, kind, number);
CREATE INDEX claim_tests_by_experiment ON claim_tests (experiment, run);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('runs',15);
INSERT INTO "sqlite_sequence" VALUES('my_digits',4);
COMMIT;
