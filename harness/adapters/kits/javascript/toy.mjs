/**
 * A toy: a small strict reader of safetensors files in JavaScript, and its adapter.
 *
 * The first part is a reader as an implementer would write one from spec/safetensors.md; it knows
 * nothing of stconform. The second part is what an adapter made with the kit looks like.
 */

import * as kit from './stconform-kit.mjs'; // first: it diverts what is printed
import fs from 'node:fs';

// The reader -------------------------------------------------------------------------------------

const BITS = {
  BOOL: 8, U8: 8, I8: 8, U16: 16, I16: 16, F16: 16, BF16: 16, U32: 32, I32: 32, F32: 32, U64: 64,
  I64: 64, F64: 64, F8_E5M2: 8, F8_E4M3: 8, F4: 4, F6_E2M3: 6, F6_E3M2: 6, F8_E8M0: 8, C64: 64,
  F8_E4M3FNUZ: 8, F8_E5M2FNUZ: 8,
};
const MAX_HEADER = 100_000_000n;
const PIECE = 2 ** 20;

/** The file is not valid. */
class Invalid extends Error {}

/** The reader does not do this. */
class NotHere extends Error {}

/** An open file: entries and metadata, checked as a whole, and the data buffer. */
class File {
  constructor(path) {
    this.descriptor = fs.openSync(path);
    try {
      const size = fs.fstatSync(this.descriptor).size;
      if (size < 8) throw new Invalid(`a file of ${size} bytes`);
      const length = this.bytes(0, 8).readBigUInt64LE();
      if (length > MAX_HEADER || length > size - 8) {
        throw new Invalid(`a header of ${length} bytes in a file of ${size}`);
      }
      this.start = 8 + Number(length);
      Object.assign(this, new Header(this.bytes(8, this.start)).parse());
      checkLayout(this.entries, BigInt(size - this.start));
    } catch (error) {
      this.close();
      throw error;
    }
  }

  close() {
    fs.closeSync(this.descriptor);
  }

  /** Bytes of the file, copied. */
  bytes(begin, end) {
    const buffer = Buffer.alloc(end - begin);
    for (let at = 0; at < buffer.length; ) {
      const count = fs.readSync(this.descriptor, buffer, at, buffer.length - at, begin + at);
      if (count === 0) throw new Error('the file has become shorter');
      at += count;
    }
    return buffer;
  }

  /** The bytes of one tensor, in pieces: a tensor may be larger than any buffer. */
  *data(entry) {
    const end = this.start + Number(entry.end);
    for (let at = this.start + Number(entry.begin); at < end; at += PIECE) {
      yield this.bytes(at, Math.min(at + PIECE, end));
    }
  }

  /** The shape and the bytes of a part of one tensor. */
  part(entry, slices) {
    if (slices.length !== entry.shape.length) throw new Invalid(`${slices.length} slices`);
    const shape = slices.map(({ start, stop, step }, axis) => {
      if (start > stop || stop > entry.shape[axis] || step < 1n) {
        throw new Invalid(`${start} to ${stop} by ${step} of a dimension of ${entry.shape[axis]}`);
      }
      return (stop - start + step - 1n) / step;
    });
    const all = () => this.bytes(this.start + Number(entry.begin), this.start + Number(entry.end));
    if (shape.every((count, axis) => count === entry.shape[axis])) return [shape, all()];
    if (BITS[entry.dtype] % 8 !== 0) throw new NotHere(`parts of ${entry.dtype}`);
    if (shape.includes(0n)) return [shape, Buffer.alloc(0)];
    // No dimension is 0, so that the length of the file bounds all that follows.
    const size = BITS[entry.dtype] / 8;
    let places = [0];
    slices.forEach(({ start, stop, step }, axis) => {
      const indices = [];
      for (let i = start; i < stop; i += step) indices.push(Number(i));
      places = places.flatMap((p) => indices.map((i) => p * Number(entry.shape[axis]) + i));
    });
    const whole = all();
    return [shape, Buffer.concat(places.map((p) => whole.subarray(p * size, (p + 1) * size)))];
  }
}

/**
 * The header text. JSON.parse keeps the last of two equal keys and rounds integers, so the text is
 * read here; and since a header nests three deep and has few forms, nothing else is read.
 */
class Header {
  constructor(raw) {
    try {
      this.text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(raw);
    } catch {
      throw new Invalid('the header is no UTF-8');
    }
    this.at = 0;
  }

  parse() {
    if (this.text[0] !== '{') this.fail();
    const entries = [];
    let metadata = null;
    this.object((name) => {
      if (name === '__metadata__') metadata = this.metadata();
      else entries.push(this.entry(name));
    });
    if (/[^ ]/.test(this.text.slice(this.at))) this.fail();
    return { metadata, entries };
  }

  metadata() {
    const metadata = new Map();
    this.object((key) => metadata.set(key, this.string()));
    return metadata;
  }

  entry(name) {
    const fields = {};
    this.object((field) => {
      if (field === 'dtype') fields.dtype = this.string();
      else if (field === 'shape' || field === 'data_offsets') fields[field] = this.integers();
      else this.fail();
    });
    const { dtype, shape, data_offsets: offsets } = fields;
    const fault = (what) => new Invalid(`${JSON.stringify(name)}: ${what}`);
    if (!dtype || !shape || !offsets) throw fault('a field is missing');
    // Perhaps the file is newer than this reader.
    if (!Object.hasOwn(BITS, dtype)) throw new NotHere(`the dtype ${dtype}`);
    if (offsets.length !== 2 || offsets[0] > offsets[1]) throw fault(`the offsets ${offsets}`);
    let bits = BigInt(BITS[dtype]);
    for (const dim of shape) {
      bits *= dim || 1n; // A dimension of 0 hides no overflow.
      if (bits >= 2n ** 64n) throw fault('too large');
    }
    if (shape.includes(0n)) bits = 0n;
    const [begin, end] = offsets;
    if (bits !== 8n * (end - begin)) throw fault(`${bits} bits at ${offsets}`);
    return { name, dtype, shape, begin, end };
  }

  /** An object, whose keys differ; `member` reads the value of each. */
  object(member) {
    const keys = new Set();
    this.list('{', '}', () => {
      const key = this.string();
      if (keys.has(key)) throw new Invalid(`the key ${JSON.stringify(key)} twice`);
      keys.add(key);
      this.take(':');
      member(key);
    });
  }

  integers() {
    const numbers = [];
    this.list('[', ']', () => {
      this.peek();
      const [digits] = this.match(/0|[1-9][0-9]{0,19}/y);
      numbers.push(BigInt(digits));
      if (numbers.at(-1) >= 2n ** 64n) this.fail();
    });
    return numbers;
  }

  list(open, close, item) {
    this.take(open);
    if (this.peek() !== close) {
      do item();
      while (this.peek() === ',' && ++this.at);
    }
    this.take(close);
  }

  string() {
    if (this.peek() !== '"') this.fail();
    const from = this.at++;
    for (;;) {
      this.match(/[^"\\\x00-\x1f]*/y);
      if (this.text[this.at] === '"') break;
      this.match(/\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y);
    }
    this.at += 1;
    const string = JSON.parse(this.text.slice(from, this.at));
    if (/\p{Surrogate}/u.test(string)) this.fail();
    return string;
  }

  /** What stands here by a sticky expression, and takes it. */
  match(expression) {
    expression.lastIndex = this.at;
    const match = expression.exec(this.text) ?? this.fail();
    this.at = expression.lastIndex;
    return match;
  }

  /** The next character that is no whitespace, without taking it. */
  peek() {
    this.match(/[ \t\r\n]*/y);
    return this.text[this.at];
  }

  take(wanted) {
    if (this.peek() !== wanted) this.fail();
    this.at += 1;
  }

  fail() {
    const found = this.at < this.text.length ? JSON.stringify(this.text[this.at]) : 'the end';
    throw new Invalid(`the header is not valid at character ${this.at}, where ${found} stands`);
  }
}

/** The tensors tile the data buffer: no gap, no overlap, no byte left over. */
function checkLayout(entries, length) {
  const compare = (a, b) => (a < b ? -1 : Number(a > b));
  let position = 0n;
  for (const { name, begin, end } of [...entries].sort(
    (a, b) => compare(a.begin, b.begin) || compare(a.end, b.end),
  )) {
    if (begin !== position) {
      throw new Invalid(`${JSON.stringify(name)} begins at ${begin}, not at ${position}`);
    }
    position = end;
  }
  if (position !== length) {
    throw new Invalid(`the tensors end at ${position}, the data buffer at ${length}`);
  }
}

// The adapter ------------------------------------------------------------------------------------

/** Opens a file, and closes it behind `use`. */
function withFile(path, use) {
  const file = new File(path);
  try {
    return use(file);
  } finally {
    file.close();
  }
}

const read = ({ path }) =>
  withFile(path, (file) =>
    kit.reading(
      file.entries.map((e) => kit.tensor(e.name, e.dtype, e.shape, file.data(e))),
      file.metadata,
    ),
  );

const header = ({ path }) =>
  withFile(path, (file) =>
    kit.reading(
      file.entries.map((e) => kit.tensor(e.name, e.dtype, e.shape)),
      file.metadata,
    ),
  );

const slice = ({ path, tensor, slices }) =>
  withFile(path, (file) => {
    const entry = file.entries.find(({ name }) => name === tensor);
    if (entry === undefined) throw new Invalid(`no tensor ${JSON.stringify(tensor)}`);
    return kit.tensor(entry.name, entry.dtype, ...file.part(entry, slices));
  });

await kit.serve({
  name: 'toy',
  version: '1.0.0',
  build: `Node ${process.versions.node}`,
  operations: { read, header, slice },
  isRefusal: (error) => error instanceof Invalid,
  isUnsupported: (error) => error instanceof NotHere,
});
