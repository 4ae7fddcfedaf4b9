import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { ACCEPT_ENCODING } from '../../../src/engines/accept-encoding.ts';
import { faultOf } from '../../../src/engines/answer.ts';
import { ReadAnswer } from '../../../src/engines/autocannon/answer.ts';
import { compileCapture } from '../../../src/engines/captures.ts';
import { cookieLine, keepCookies, setCookie, type Cookies } from '../../../src/engines/autocannon/cookies.ts';
import { kindOfConnectionError } from '../../../src/engines/autocannon/error-kind.ts';
import { redirected } from '../../../src/engines/autocannon/redirected.ts';
import type { Pass } from '../../../src/engines/autocannon/program.ts';
import { compileRequest } from '../../../src/engines/autocannon/request-bytes.ts';
import { createPicker } from '../../../src/engines/autocannon/virtual-user.ts';
import type { RequestStep } from '../../../src/model/scenario.ts';
import { request } from './measure.ts';

const body = JSON.stringify({ a: { b: [{ c: 1 }, { c: 2 }] }, 'x y': 'z', empty: '', none: null });
const headers = ['Content-Type', 'application/json', 'X-A', '1', 'x-a', '2'];
const answer = answerWith(200);

function answerWith(status: number, text = body, more: readonly string[] = []): ReadAnswer {
  return new ReadAnswer(status, [...headers, ...more], [Buffer.from(text)]);
}

function json(expression: string, chance = 0): unknown {
  return compileCapture({ kind: 'json', expression, as: 'v' }).extract(answer, () => chance);
}

test('JSON paths: names, indices, quoted names, every element by chance; an empty text is nothing', () => {
  assert.equal(json('$.a.b[1].c'), 2);
  assert.equal(json("$['x y']"), 'z');
  assert.equal(json('a.b[0].c'), 1);
  assert.equal(json('$.a.b[*].c', 0), 1);
  assert.equal(json('$.a.b[*].c', 0.99), 2);
  assert.deepEqual(json('$.a.b'), [{ c: 1 }, { c: 2 }]);
  assert.equal(json('$.none'), null);
  assert.equal(json('$.empty'), undefined);
  assert.equal(json('$.a.q'), undefined);
  assert.equal(json('$.constructor'), undefined);
  assert.throws(() => json('$..c'), /cannot be read from "\.\.c"/);
});

test('a header is found whatever its case, several lines are joined', () => {
  assert.equal(answer.header('x-a'), '1, 2');
  assert.equal(compileCapture({ kind: 'header', expression: 'CONTENT-type', as: 'v' }).extract(answer, Math.random), 'application/json');
});

test('an error status is an error unless it was expected; what was expected and did not come is one too', () => {
  const expect = { statusCode: null, contentType: null, hasProperty: [] };
  assert.equal(faultOf(answer, null), null);
  assert.equal(faultOf(answerWith(302), null), null);
  assert.equal(faultOf(answerWith(404), null), 'http-4xx');
  assert.equal(faultOf(answerWith(503), { ...expect, statusCode: [200] }), 'http-5xx');
  assert.equal(faultOf(answerWith(404), { ...expect, statusCode: [200, 404] }), null);
  assert.equal(faultOf(answerWith(202), { ...expect, statusCode: [200] }), 'expect');
  assert.equal(faultOf(answer, { ...expect, contentType: 'application/JSON' }), null);
  assert.equal(faultOf(answer, { ...expect, contentType: 'text/html' }), 'expect');
  assert.equal(faultOf(answerWith(200, '{'), { ...expect, contentType: 'json' }), 'expect');
  assert.equal(faultOf(answer, { ...expect, hasProperty: ['a.b[1].c'] }), null);
  assert.equal(faultOf(answer, { ...expect, hasProperty: ['a.b[2]'] }), 'expect');
});

test('a redirect that was not followed is no success, unless it was expected', () => {
  const away = answerWith(302, '', ['Location', 'http://elsewhere/']);
  assert.equal(faultOf(away, null), 'expect');
  assert.equal(faultOf(away, { statusCode: [302], contentType: null, hasProperty: [] }), null);
});

test('bodies are unpacked, and one that cannot be is no answer', () => {
  const packed = new ReadAnswer(200, ['Content-Encoding', 'gzip'], [gzipSync('hello').subarray(0, 9), gzipSync('hello').subarray(9)]);
  assert.equal(packed.body, 'hello');
  assert.throws(() => new ReadAnswer(200, ['Content-Encoding', 'gzip'], [Buffer.from('no gzip')]));
});

test('cookies are kept, replaced and taken back', () => {
  const jar: Cookies = new Map();
  keepCookies(jar, ['Set-Cookie', 'a=1; Path=/; HttpOnly', 'set-cookie', 'b=x=y', 'Set-Cookie', 'broken'], '/');
  assert.equal(cookieLine(jar, '/any'), 'Cookie: a=1; b=x=y\r\n');
  keepCookies(jar, ['Set-Cookie', 'a=2', 'Set-Cookie', 'b=; Max-Age=0', 'Set-Cookie', 'c=; Expires=Thu, 01 Jan 1970 00:00:00 GMT'], '/');
  assert.equal(cookieLine(jar, '/any'), 'Cookie: a=2\r\n');
});

test('a cookie goes with its path and what lies below; the longer path comes first', () => {
  const jar: Cookies = new Map();
  keepCookies(jar, ['Set-Cookie', 'root=1; Path=/', 'Set-Cookie', 'shop=1; Path=/shop', 'Set-Cookie', 'here=1'], '/shop/cart/add?x=/y');
  setCookie(jar, 'mine', '1', '/shop/cart/add');
  assert.equal(cookieLine(jar, '/'), 'Cookie: root=1\r\n');
  assert.equal(cookieLine(jar, '/shop?x=1'), 'Cookie: shop=1; root=1\r\n');
  assert.equal(cookieLine(jar, '/shopping'), 'Cookie: root=1\r\n');
  assert.equal(cookieLine(jar, '/shop/cart/1'), 'Cookie: here=1; mine=1; shop=1; root=1\r\n');
});

test('a redirect is asked for with the same headers and body, after 303 with neither body nor length; never at another origin', () => {
  const sent = Buffer.from('POST /a/b?c=1 HTTP/1.1\r\nHost: t\r\nCookie: old=1\r\nContent-Length: 4\r\n\r\nbödy'.replace('ö', 'o'));
  const jar: Cookies = new Map();
  setCookie(jar, 'new', '1', '/');
  const follow = (status: number, location: string): string | undefined => redirected(sent, answerWith(status, '', ['Location', location]), 'http://t', jar)?.bytes.toString();
  assert.equal(follow(302, 'c'), 'POST /a/c HTTP/1.1\r\nHost: t\r\nContent-Length: 4\r\nCookie: new=1\r\n\r\nbody');
  assert.equal(follow(303, Buffer.from('/ü?q').toString('latin1')), 'GET /%C3%BC?q HTTP/1.1\r\nHost: t\r\nCookie: new=1\r\n\r\n');
  assert.equal(follow(308, 'http://t/x'), 'POST /x HTTP/1.1\r\nHost: t\r\nContent-Length: 4\r\nCookie: new=1\r\n\r\nbody');
  for (const away of ['http://other/', 'https://t/', 'http://t:81/', '//other/']) assert.equal(follow(302, away), undefined, away);
  assert.equal(redirected(sent, answerWith(302, ''), 'http://t', jar), null);
});

test('connection errors are counted by kind, and a lack of ports or files is the generator’s own', () => {
  const codes = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOTFOUND', 'EPROTO', 'ERR_TLS_CERT_ALTNAME_INVALID', 'EMFILE', 'EADDRNOTAVAIL'];
  assert.deepEqual(
    codes.map((code) => kindOfConnectionError(Object.assign(new Error(code), { code }))),
    ['refused', 'reset', 'reset', 'dns', 'tls', 'tls', 'engine', 'engine'],
  );
});

function bytesOf(step: RequestStep, target = 'http://h:1/base/', variables = {}): string {
  const destination = { target, defaultHeaders: { 'X-Default': 'd', accept: 'a' }, headers: { authorization: 'mine' } };
  return String(compileRequest(step, destination, () => 0)({ variables, cookies: null }).bytes);
}

test('a request has the target’s path before its own, merged headers and a length', () => {
  const step = request('/u/{{ id }}?x=1', {
    method: 'POST', headers: { Accept: 'b', Authorization: 'theirs', 'Content-Length': '999', connection: 'close' }, body: { type: 'form', value: { n: '{{ name }}' } },
  });
  assert.equal(
    bytesOf(step, undefined, { id: 'ä b', name: 'ö&' }),
    'POST /base/u/%C3%A4%20b?x=1 HTTP/1.1\r\nHost: h:1\r\nUser-Agent: scaleplan\r\n'
    + `Accept-Encoding: ${ACCEPT_ENCODING}\r\n`
    + 'Content-Type: application/x-www-form-urlencoded\r\n'
    + 'X-Default: d\r\nAccept: b\r\nauthorization: mine\r\nContent-Length: 11\r\nConnection: keep-alive\r\n\r\nn=%C3%B6%26',
  );
});

test('qs takes the place of the query, a length counts bytes, a value cannot begin a header of its own', () => {
  assert.match(bytesOf(request('/a?x=1', { qs: { q: '{{ v }}' } }), undefined, { v: 'a b' }), /^GET \/base\/a\?q=a\+b HTTP/);
  assert.match(bytesOf(request('/', { method: 'PUT', body: { type: 'json', value: { t: 'ä' } } })), /Content-Length: 10\r\n/);
  assert.match(bytesOf(request('/', { headers: { 'X-V': '{{ v }}' } }), undefined, { v: 'a\r\nX-Evil: 1' }), /\r\nX-V: a X-Evil: 1\r\n/);
});

test('journeys are picked so that every weight is kept within one pick', () => {
  const passes: Pass[] = [20, 20, 10, 5].map((weight) => ({ weight, setUp: [], steps: [], repeats: 1, refreshesVariables: false, keepsCookies: false }));
  const pick = createPicker(passes);
  const counts = [0, 0, 0, 0];
  for (let turn = 1; turn <= 110; turn += 1) {
    const at = passes.indexOf(pick());
    counts[at] = (counts[at] ?? 0) + 1;
    passes.forEach(({ weight }, each) => assert.ok(Math.abs((counts[each] ?? 0) - (turn * weight) / 55) <= 1.01, `turn ${turn}: ${counts.join(' ')}`));
  }
  assert.deepEqual(counts, [40, 40, 20, 10]);
});
