import { inFolder, newName, temporaryFolder } from '../../../platform';

/** A name for a journal that no other has, where files are not kept for long: so every run of the lesson begins anew. */
export const newJournal = (): string => inFolder(inFolder(temporaryFolder(), 'gradlab'), `${newName()}.jsonl`);
