// The cases of a folder by velocityjs, as hydrant.cc does them: node velocityjs.js FOLDER SECONDS CASE...
// Templates are parsed once. What API Gateway offers is here as plain JavaScript, no slower than need be.
'use strict';
const fs = require('fs');
const { Compile, parse } = require('velocityjs');

const headers = {
  'Accept': '*/*', 'Content-Type': 'application/json', 'User-Agent': 'bench/1',
  'X-Amzn-Trace-Id': 'Root=1-625a2f3c-0123456789abcdef01234567',
};
const path = { 'stream-name': 'class-stream' };

const asMap = (object) => Object.defineProperties(object, {
  put: { value(key, value) { const old = this[key]; this[key] = value; return old; } },
  get: { value(key) { return this[key]; } },
  keySet: { value() { return Object.keys(this); } },
});

function follow(root, expression) {
  let at = root;
  for (const name of expression.split('.').slice(1)) at = at === undefined ? at : at[name];
  return at;
}

function inputOf(body) {
  let parsed;
  let tried = false;
  const root = () => {
    if (!tried) {
      tried = true;
      try { parsed = JSON.parse(body); } catch (error) { parsed = body; }
      if (parsed && typeof parsed === 'object' && !Array.isArray(parsed)) asMap(parsed);
    }
    return parsed;
  };
  return {
    body,
    path: (expression) => follow(root(), expression),
    json: (expression) => JSON.stringify(follow(root(), expression)),
    params: (name) => name === undefined
      ? { path: asMap({ ...path }), querystring: asMap({}), header: asMap({ ...headers }) }
      : path[name] ?? headers[name] ?? '',
  };
}

const javaScript = { '\b': '\\b', '\n': '\\n', '\t': '\\t', '\f': '\\f', '\r': '\\r', '"': '\\"',
  "'": "\\'", '\\': '\\\\', '/': '\\/' };
const util = {
  base64Encode: (text) => Buffer.from(text).toString('base64'),
  base64Decode: (text) => Buffer.from(text, 'base64').toString(),
  urlDecode: (text) => decodeURIComponent(text.replace(/\+/g, ' ')),
  urlEncode: (text) => encodeURIComponent(text),
  escapeJavaScript: (text) => text.replace(/[\b\n\t\f\r"'\\/]/g, (c) => javaScript[c])
    .replace(/[^ -~]/g, (c) => '\\u' + c.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')),
  parseJson: (text) => JSON.parse(text),
};

function fnv1a(text) {
  let hash = 2166136261;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 16777619);
  return hash >>> 0;
}

const [folder, seconds, ...names] = process.argv.slice(2);
for (const name of names) {
  try {
    const tree = parse(fs.readFileSync(`${folder}/${name}.vtl`, 'utf8'));
    const body = fs.readFileSync(`${folder}/${name}.body`, 'utf8');
    const render = () => new Compile(tree).render({ input: inputOf(body), util, context: {} });
    const slice = (length) => {
      const started = process.hrtime.bigint();
      let renders = 0;
      let elapsed = 0;
      let output = '';
      while (elapsed < length) {
        output = render();
        ++renders;
        elapsed = Number(process.hrtime.bigint() - started) / 1e9;
      }
      return [renders / elapsed, output];
    };
    slice(Number(seconds) / 2); // warm
    const [rate, output] = slice(Number(seconds));
    console.log(`${name} ${rate.toFixed(1)} ${Buffer.byteLength(output)} ${fnv1a(output)}`);
  } catch (error) {
    console.error(`${name}: ${error}`);
    console.log(`${name} - 0 0`);
  }
}
