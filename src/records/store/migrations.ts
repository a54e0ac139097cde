import { schema1 } from "./schema-1.ts";
import { schema2 } from "./schema-2.ts";
import { schema3 } from "./schema-3.ts";
import { schema4 } from "./schema-4.ts";
import { schema5 } from "./schema-5.ts";

/**
 * How a state database came to its present shape: migration n takes it from version n to n + 1. Forward only, and never edited
 * once released: a database of every version ever made must open, and test/samples keeps one of each to prove it.
 */
export const migrations: readonly string[] = [schema1, schema2, schema3, schema4, schema5];
