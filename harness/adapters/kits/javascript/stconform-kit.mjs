/**
 * What an adapter in JavaScript needs to speak the adapter protocol of stconform, version 1.
 *
 * stconform tests implementations of the safetensors file format. It asks an adapter, a small
 * program around one implementation, to read and to write files, in JSON lines over standard input
 * and output. This file does that part: the hello, the requests, the replies. What is left is one
 * function for each operation that the implementation has:
 *
 *     import * as kit from './stconform-kit.mjs';
 *     import { FormatError, load } from 'tensorbox'; // the library under test, after the kit
 *
 *     await kit.serve({
 *       name: 'tensorbox',
 *       version: '1.2.0',
 *       isRefusal: (error) => error instanceof FormatError,
 *       operations: {
 *         async read(request) {
 *           const box = await load(request.path);
 *           const tensors = box.tensors.map((t) => kit.tensor(t.name, t.dtype, t.shape, t.bytes));
 *           return kit.reading(tensors, box.metadata);
 *         },
 *       },
 *     });
 *
 * Copy the file next to your adapter; it needs Node 18 or later and nothing else.
 *
 * Importing it sends everything that is written to `process.stdout`, by `console` too, to standard
 * error, so that nothing that a library prints gets between the replies. So import it before the
 * library. What native code writes to descriptor 1 it cannot divert.
 *
 * Nothing about safetensors lives here: no reading of files, and no idea of what a reply should be.
 * An exception that the adapter does not declare as a refusal is not caught. It ends the process
 * with a trace and exit code 1, and stconform shows it as a crash.
 */

import { createHash } from 'node:crypto';

const writeReply = process.stdout.write.bind(process.stdout);
process.stdout.write = process.stderr.write.bind(process.stderr);

/** Up to this many bytes of a tensor are given as they are, and the digest of more. */
const LONGEST_HEX = 64;

/** How many characters of a message are kept; the protocol has room for 4 KiB of UTF-8. */
const LONGEST_MESSAGE = 1024;

/** A hash takes pieces of less than 2 GiB. */
const LONGEST_PIECE = 2 ** 30;

/**
 * Throw it to say that the implementation refused the file, or what it was to write, as invalid.
 *
 * It is for implementations that report this in another way than by an exception; exceptions of the
 * library are declared with `isRefusal`.
 */
export class Refused extends Error {
  /**
   * @param {string} message what the implementation says
   * @param {string} [category] the kind of error, if the implementation tells one
   */
  constructor(message, category) {
    super(message);
    this.category = category;
  }
}

/**
 * Throw it to say that the implementation does not do this, with the reason: a valid file beyond a
 * limit that the hello declares; or a dtype, a view or an argument that its interface lacks.
 */
export class Unsupported extends Error {}

/**
 * One request. What an operation does not have is `undefined`. Every integer is a BigInt, since a
 * dimension may be beyond what a number holds exactly: `shape.map(Number)` where a library wants
 * numbers.
 */
export class Request {
  constructor(fields) {
    /** The operation: read, header, slice, write, rewrite or read-index. @type {string} */
    this.op = fields.op;
    /** The file, or the index, that is to be read or written; absolute. @type {string} */
    this.path = fields.path;
    /** How to read, one of `access` of `serve`. Only with read, header and slice. */
    this.access = fields.access;
    /** Where to write. Only with rewrite. */
    this.to = fields.to;
    /** The name of the tensor of which a part is asked for. Only with slice. */
    this.tensor = fields.tensor;
    /**
     * For each axis, the indices from `start` on, below `stop`, `step` apart. Only with slice.
     * @type {{start: bigint, stop: bigint, step: bigint}[] | undefined}
     */
    this.slices = fields.slices?.map((span) => {
      const [start, stop, step] = span.map(BigInt);
      return { start, stop, step };
    });
    /**
     * What to write, in the order of the request; a name may occur twice, and a shape may be at
     * odds with the bytes: hand over what stands there. `data` are the elements in row-major order;
     * with a `view`, those of an array of the shape `base`, of which the view, of the shape `shape`,
     * is to be written. Only with write.
     * @type {{name: string, dtype: string, shape: bigint[], data: Buffer,
     *   view: string | undefined, base: bigint[] | undefined}[] | undefined}
     */
    this.tensors = fields.tensors?.map((tensor) => ({
      name: tensor.name,
      dtype: tensor.dtype,
      shape: tensor.shape.map(BigInt),
      data: Buffer.from(tensor.hex, 'hex'),
      view: tensor.view ?? undefined,
      base: tensor.base?.map(BigInt),
    }));
    /**
     * Pairs of a key and a value. A key may occur twice, and a value may be no string: hand over
     * what stands there. `null` for no metadata. Only with write.
     * @type {[string, unknown][] | null | undefined}
     */
    this.metadata = fields.metadata && membersOf.get(fields.metadata);
    if (fields.metadata === null) this.metadata = null;
  }

  /** `tensors` as a Map, for an interface that takes one; `Unsupported` if a name is twice. */
  tensorsByName() {
    const tensors = new Map(this.tensors.map((tensor) => [tensor.name, tensor]));
    if (tensors.size !== this.tensors.length) {
      throw new Unsupported('a map cannot hold a name twice');
    }
    return tensors;
  }

  /** `metadata` as an object, for an interface that takes one; `Unsupported` if a key is twice. */
  metadataObject() {
    if (this.metadata === null) return null;
    if (new Set(this.metadata.map(([key]) => key)).size !== this.metadata.length) {
      throw new Unsupported('an object cannot hold a key twice');
    }
    return Object.fromEntries(this.metadata);
  }
}

/**
 * One tensor that was read, as the implementation hands it out.
 *
 * What the protocol has no field for, such as a dimension of -1, makes the whole reading an
 * `other`; the adapter need not look for it.
 *
 * @param {string | Uint8Array} name text or bytes
 * @param {string} dtype the name that the header has for it
 * @param {Iterable<number | bigint>} shape
 * @param {ArrayBufferView | ArrayBuffer | Iterable<Uint8Array>} [data] the bytes in the order of
 *   the file, in one or in pieces. They are digested at once and not kept. Not with header
 * @param {Iterable<number | bigint | boolean | string | [number, number]>} [values] the elements in
 *   row-major order, in place of the bytes or beside them; a pair is a complex number, and a string
 *   is spelled as the protocol wants it. Not with header
 */
export function tensor(name, dtype, shape, data, values) {
  const fields = {};
  let strange;
  const text = asText(name);
  if (text !== undefined) fields.name = text;
  else if (name instanceof Uint8Array) fields.name_hex = hex(name);
  else strange = `a name ${show(name)}`;
  fields.dtype = dtype;
  if (typeof dtype !== 'string' || asText(dtype) === undefined) strange = `a dtype ${show(dtype)}`;
  fields.shape = Array.from(shape, (dim) => {
    const number = asInteger(dim);
    if (number === undefined) strange = `a dimension of ${show(dim)}`;
    return number;
  });
  if (data !== undefined) Object.assign(fields, digest(data));
  if (values !== undefined) fields.values = Array.from(values, spell);
  return new Answer('tensor', strange === undefined ? { tensors: [fields] } : { other: strange });
}

/**
 * What was read: the answer to read, header and read-index.
 *
 * @param {Iterable<Answer>} tensors of `tensor`, in any order
 * @param {Map | object | Iterable<[string | Uint8Array, string | Uint8Array]> | null} [metadata] a
 *   map, an object, or pairs of key and value; `null` where there is none
 */
export function reading(tensors, metadata = null) {
  const accepted = { tensors: [], ...asMetadata(metadata) };
  for (const one of tensors) {
    if (one.accepted.other !== undefined) return other(one.accepted.other);
    accepted.tensors.push(one.accepted.tensors[0]);
  }
  return accepted.other === undefined ? new Answer('reading', accepted) : other(accepted.other);
}

/** What was read, in words, where `reading` and `tensor` cannot say it. No file holds that. */
export function other(words) {
  return new Answer('other', { other: asMessage(words) });
}

/** What a function for an operation returns; made by `reading`, `tensor` and `other`. */
class Answer {
  constructor(kind, accepted) {
    this.kind = kind;
    this.accepted = accepted;
  }
}

/** What each operation returns. */
const KINDS = {
  read: 'reading',
  header: 'reading',
  slice: 'tensor',
  write: 'nothing',
  rewrite: 'nothing',
  'read-index': 'reading',
};

/**
 * Says hello, answers requests until the input ends, and ends the process with exit code 0.
 *
 * @param {object} adapter
 * @param {string} adapter.name what is tested
 * @param {string} adapter.version its exact version
 * @param {string} [adapter.language] what it is written in
 * @param {string} [adapter.build] how it was built
 * @param {string} [adapter.source] the URL that it comes from
 * @param {object} adapter.operations a function of a `Request` for each operation: read, header,
 *   slice, write, rewrite, 'read-index'. One that is left out is not declared. read, header and
 *   read-index return a `reading`, slice returns a `tensor`, write and rewrite return nothing, or
 *   each of them a promise
 * @param {(error: unknown) => boolean} [adapter.isRefusal] whether an exception is how the
 *   implementation refuses a file. It is not asked about a stack overflow, which is no refusal
 * @param {(error: unknown) => boolean} [adapter.isUnsupported] whether an exception is how it says
 *   that it does not do something
 * @param {string[]} [adapter.access] the ways in which it can read, each asked for by name
 * @param {string[]} [adapter.views] the views that `write` can make, of transposed, strided,
 *   reversed and broadcast. Others are answered here
 * @param {string[]} [adapter.leniencies] see `stconform list leniencies`
 * @param {object} [adapter.limits] see `stconform list limits`
 * @param {string[]} [adapter.writeDtypes] the dtypes that it writes, where they are not all
 * @param {string[]} [adapter.claims] what it promises beyond the rules
 */
export async function serve(adapter) {
  const { operations, isRefusal = () => false, isUnsupported = () => false, views = [] } = adapter;
  const unknown = Object.keys(operations).find((op) => !Object.hasOwn(KINDS, op));
  if (unknown !== undefined) throw new TypeError(`there is no operation ${unknown}`);
  // What is undefined is left out by JSON.stringify.
  await send({
    protocol: 1,
    name: adapter.name,
    version: adapter.version,
    language: adapter.language ?? 'JavaScript',
    build: adapter.build,
    source: adapter.source,
    operations: Object.keys(operations),
    access: adapter.access,
    leniencies: adapter.leniencies ?? [],
    limits: adapter.limits ?? {},
    write_dtypes: adapter.writeDtypes,
    claims: adapter.claims,
  });
  for await (const line of lines(process.stdin)) {
    const fields = parse(line);
    const request = new Request(fields);
    let reply;
    try {
      // Only the adapter's function may fail as a refusal.
      reply = { answer: await ask(operations, views, request) };
    } catch (error) {
      if (error instanceof Unsupported) reply = { unsupported: asMessage(error.message) };
      else if (error instanceof Refused) reply = refusal(error.message, error.category);
      else if (isStackOverflow(error)) throw error;
      else if (isUnsupported(error)) reply = { unsupported: asMessage(error?.message ?? error) };
      else if (isRefusal(error)) reply = refusal(error?.message ?? error, error?.constructor?.name);
      else throw error;
    }
    if ('answer' in reply) reply = { accepted: accepted(request.op, reply.answer) };
    await send({ seq: fields.seq, ...reply });
  }
  process.exit(0); // A library may have left a timer or a thread.
}

/** Calls the function for an operation; what the adapter has not declared is `Unsupported`. */
function ask(operations, views, request) {
  if (!Object.hasOwn(operations, request.op)) throw new Unsupported(`no operation ${request.op}`);
  for (const { view } of request.tensors ?? []) {
    if (view !== undefined && !views.includes(view)) throw new Unsupported(`no view ${view}`);
  }
  return operations[request.op](request);
}

/** What a function returned, as the protocol has it. */
function accepted(op, answer) {
  let kind = answer === undefined ? 'nothing' : typeof answer;
  if (answer instanceof Answer) kind = answer.kind;
  if (kind === 'nothing' && KINDS[op] === kind) return {};
  if (KINDS[op] === kind || kind === 'other') return answer.accepted;
  throw new TypeError(`the function for ${op} returned ${kind} in place of ${KINDS[op]}`);
}

function refusal(message, category) {
  return {
    refused: asMessage(message),
    category: category === undefined ? undefined : asMessage(category),
  };
}

function isStackOverflow(error) {
  return error instanceof RangeError && error.message === 'Maximum call stack size exceeded';
}

/** The string as text that JSON can carry; undefined for bytes that are no UTF-8, a lone surrogate,
 * and what is no string at all. */
function asText(string) {
  if (typeof string === 'string') return /\p{Surrogate}/u.test(string) ? undefined : string;
  if (!(string instanceof Uint8Array)) return undefined;
  try {
    // A byte order mark is part of a name.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(string);
  } catch {
    return undefined;
  }
}

/** A dimension as the protocol has it; undefined for what is none. */
function asInteger(dim) {
  if (typeof dim !== 'bigint' && !Number.isInteger(dim)) return undefined;
  const number = BigInt(dim);
  if (number < 0n || number >= 2n ** 64n) return undefined;
  return number <= Number.MAX_SAFE_INTEGER ? Number(number) : String(number);
}

/** The field for the metadata; or an `other` for what that field cannot say. */
function asMetadata(metadata) {
  if (metadata === null || metadata === undefined) return { metadata: null };
  const pairs = [...(metadata[Symbol.iterator] ? metadata : Object.entries(metadata))];
  for (const string of pairs.flat()) {
    if (!(string instanceof Uint8Array) && asText(string) === undefined) {
      return { other: `a string of the metadata is ${show(string)}` };
    }
  }
  if (new Set(pairs.map(([key]) => hex(key))).size !== pairs.length) {
    return { other: 'a key of the metadata twice' };
  }
  if (pairs.flat().some((string) => asText(string) === undefined)) {
    return { metadata_hex: pairs.map((pair) => pair.map(hex)) };
  }
  return { metadata: Object.fromEntries(pairs.map((pair) => pair.map(asText))) };
}

/** The field for the bytes of a tensor. */
function digest(data) {
  const hash = createHash('sha256');
  if (!ArrayBuffer.isView(data) && !(data instanceof ArrayBuffer)) {
    let head = Buffer.alloc(0);
    for (const piece of data) {
      hash.update(piece);
      if (head.length > LONGEST_HEX) continue;
      head = Buffer.concat([head, piece.subarray(0, LONGEST_HEX + 1)]);
    }
    return head.length <= LONGEST_HEX ? { hex: hex(head) } : { sha256: hash.digest('hex') };
  }
  const bytes = ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
  if (bytes.length <= LONGEST_HEX) return { hex: hex(bytes) };
  for (let at = 0; at < bytes.length; at += LONGEST_PIECE) {
    hash.update(bytes.subarray(at, at + LONGEST_PIECE));
  }
  return { sha256: hash.digest('hex') };
}

/** An element as the protocol spells it. The string of a number reads as the same double. */
function spell(value) {
  if (Array.isArray(value) && value.length === 2) return value.map(spell).join(' ');
  if (Object.is(value, -0)) return '-0';
  switch (typeof value) {
    case 'string':
      return value;
    case 'bigint':
      return String(value);
    case 'boolean':
      return value ? '1' : '0';
    case 'number':
      if (Number.isNaN(value)) return 'nan';
      return String(value).replace('Infinity', 'inf');
    default:
      throw new TypeError(`an element is a number, a boolean or a string, not ${show(value)}`);
  }
}

function hex(string) {
  return Buffer.from(string).toString('hex');
}

/** A value of any type, for people. */
function show(value) {
  if (typeof value === 'bigint') return String(value);
  if (Object.is(value, -0)) return '-0';
  return (typeof value === 'number' ? String(value) : JSON.stringify(value)) ?? String(value);
}

/** A message for people: cut, and without the lone surrogates that JSON cannot carry. */
function asMessage(words) {
  return String(words).slice(0, LONGEST_MESSAGE).replace(/\p{Surrogate}/gu, '\ufffd');
}

/** Writes a line, and waits until it is written. */
function send(message) {
  return new Promise((resolve, reject) => {
    writeReply(`${JSON.stringify(message)}\n`, (error) => (error ? reject(error) : resolve()));
  });
}

/** The lines of a stream. Only a line feed ends one; node:readline splits at U+2028 too, which a
 * name in a request may hold. */
async function* lines(stream) {
  let pieces = [];
  for await (const chunk of stream) {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      pieces.push(chunk.subarray(from, end));
      yield Buffer.concat(pieces).toString();
      pieces = [];
      from = end + 1;
    }
    pieces.push(chunk.subarray(from));
  }
  const rest = Buffer.concat(pieces).toString();
  if (rest !== '') yield rest;
}

/** The members of each object that `parse` has read, in their order and with keys that occur twice,
 * which JSON.parse would drop. */
const membersOf = new WeakMap();

/** Reads a JSON text as JSON.parse does, and keeps the members of objects in `membersOf`. */
function parse(text) {
  let at = 0;
  const result = value();
  if (peek() !== undefined) fail();
  return result;

  function value() {
    switch (peek()) {
      case '{': {
        const members = list('}', () => {
          const key = string();
          take(':');
          return [key, value()];
        });
        const object = Object.fromEntries(members);
        membersOf.set(object, members);
        return object;
      }
      case '[':
        return list(']', value);
      case '"':
        return string();
      default: {
        const from = at;
        while (at < text.length && !',]} \t\r\n'.includes(text[at])) at += 1;
        return JSON.parse(text.slice(from, at));
      }
    }
  }

  function list(close, item) {
    const items = [];
    at += 1;
    if (peek() !== close) {
      do items.push(item());
      while (peek() === ',' && ++at);
    }
    take(close);
    return items;
  }

  function string() {
    if (peek() !== '"') fail();
    const from = at;
    let slashes;
    do {
      at = text.indexOf('"', at + 1);
      if (at < 0) fail();
      for (slashes = 0; text[at - 1 - slashes] === '\\'; slashes += 1);
    } while (slashes % 2 === 1);
    at += 1;
    return JSON.parse(text.slice(from, at));
  }

  /** The next character that is no whitespace, without taking it. */
  function peek() {
    while (' \t\r\n'.includes(text[at] ?? 'x')) at += 1;
    return text[at];
  }

  function take(wanted) {
    if (peek() !== wanted) fail();
    at += 1;
  }

  function fail() {
    throw new SyntaxError(`the request is no JSON text: ${text.slice(0, 200)}`);
  }
}
