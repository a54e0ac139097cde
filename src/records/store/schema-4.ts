/** How many objects writing was begun of: what may lie on a volume behind its recorded ones, after a crash; 0 where nothing may. */
export const schema4 = `
ALTER TABLE volume ADD COLUMN begun_objects INTEGER NOT NULL DEFAULT 0;
`;
