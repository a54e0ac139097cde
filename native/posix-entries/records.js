/**
 * Mirrors `struct record` of src/listing.h: a count in eight bytes, then records of six fields of eight bytes and twelve of four,
 * little-endian as every machine this is built for, then the names.
 * One buffer for a whole directory costs a fraction of what an object made in C would for every name.
 */
const wordsOfRecord = 24;
const longsOfRecord = 12;
const wordsOfHeader = 2;
const nanosecondsOfSecond = 1_000_000_000n;

/** Exact below 2^53, and no file system has files of 8 PiB. */
const wide = (words, at) => words[at + 1] * 0x1_0000_0000 + words[at];

function item(longs, words, index, name) {
  const long = 1 + index * longsOfRecord;
  const word = wordsOfHeader + index * wordsOfRecord;
  return {
    name,
    mode: words[word + 12],
    uid: words[word + 13],
    gid: words[word + 14],
    sizeBytes: wide(words, word + 8),
    mtimeNs: BigInt.asIntN(64, longs[long + 2]) * nanosecondsOfSecond + BigInt(words[word + 16]),
    ctimeNs: BigInt.asIntN(64, longs[long + 3]) * nanosecondsOfSecond + BigInt(words[word + 17]),
    inode: longs[long],
    device: longs[long + 1],
    links: words[word + 15],
    deviceMajor: words[word + 18],
    deviceMinor: words[word + 19],
    blocks: wide(words, word + 10),
    hasXattrs: words[word + 20] !== 0,
  };
}

/** @param {ArrayBuffer} buffer @param {(error: number) => string} errnoName */
export function unpackListing(buffer, errnoName) {
  const longs = new BigUint64Array(buffer, 0, Math.floor(buffer.byteLength / 8));
  const words = new Uint32Array(buffer, 0, Math.floor(buffer.byteLength / 4));
  const count = words[0];
  const namesOffset = 4 * (wordsOfHeader + count * wordsOfRecord);
  const items = new Array(count);
  for (let index = 0; index < count; index += 1) {
    const word = wordsOfHeader + index * wordsOfRecord;
    items[index] = item(longs, words, index, new Uint8Array(buffer, namesOffset + words[word + 22], words[word + 23]));
    if (words[word + 21] !== 0) items[index].error = errnoName(words[word + 21]);
  }
  return items;
}

/** The only record of a buffer, under the name that was asked for. */
export function unpackOne(buffer, name) {
  return item(new BigUint64Array(buffer), new Uint32Array(buffer), 0, name);
}
