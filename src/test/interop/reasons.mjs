// A backend of its own, in another language and with another client: publishes session keys and
// payloads for every reason and every repair, reads both outputs back, and checks them against what
// README.md and topics/ promise. It shares no code with the program.
//
// Run where kafkajs is installed: node reasons.mjs BROKER TOPIC_PREFIX
import assert from 'node:assert/strict'
import { createCipheriv, randomBytes, randomInt } from 'node:crypto'
import { createRequire } from 'node:module'

process.env.KAFKAJS_NO_PARTITIONER_WARNING = '1'
const { Kafka, Partitioners, logLevel } = createRequire(process.cwd() + '/')('kafkajs')

const [broker, prefix] = process.argv.slice(2)
const PAYLOADS = prefix + 'phone-payload'
const SESSION_KEYS = prefix + 'session-key'
const PROFILES = prefix + 'user-profile'
const DEAD_LETTERS = prefix + 'dead-letter'
const APPID = 'wx4f4bc4dec97d474b'
const DAY = 24 * 3600
const PATIENCE_MS = 60_000

const kafka = new Kafka({ brokers: [broker], logLevel: logLevel.ERROR })
const producer = kafka.producer()
const now = () => Math.floor(Date.now() / 1000)

// ---- WeChat's side

const openidOf = () => 'o' + randomBytes(20).toString('base64url')
const numberOf = () => '13' + String(randomInt(1e9)).padStart(9, '0')

function phone (number, changes = {}) {
  return {
    phoneNumber: number,
    purePhoneNumber: number,
    countryCode: '86',
    watermark: { appid: APPID, timestamp: now() },
    ...changes
  }
}

function encrypt (key, plaintext, iv = randomBytes(16)) {
  const cipher = createCipheriv('aes-128-cbc', key, iv)
  const text = typeof plaintext === 'string' ? plaintext : JSON.stringify(plaintext)
  return { data: Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]), iv }
}

const detail = ({ data, iv }, more = {}) => ({
  errMsg: 'getPhoneNumber:ok',
  encryptedData: data.toString('base64'),
  iv: iv.toString('base64'),
  ...more
})

/** A ciphertext whose base64 has what a repair is about. */
function encryptWith (pattern, key, plaintext) {
  for (;;) {
    const made = encrypt(key, plaintext())
    if (pattern.test(made.data.toString('base64'))) return made
  }
}

// ---- the backend's side

async function publish (topic, key, value, options = {}) {
  const bytes = value === null || Buffer.isBuffer(value)
    ? value
    : Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))
  const message = { key, value: bytes, ...options }
  const [sent] = await producer.send({ topic, messages: [message] })
  const at = { topic, partition: sent.partition, offset: sent.baseOffset }
  return { ...at, source: `${topic}-${at.partition}@${at.offset}`, key, value: bytes }
}

const login = (user, key = user.key, more = {}, options = {}) =>
  publish(SESSION_KEYS, user.openid, {
    appid: APPID, openid: user.openid, session_key: key.toString('base64'), unionid: user.unionid, ...more
  }, options)

const someone = () => {
  const openid = openidOf()
  return { openid, unionid: 'u' + openid.slice(1), number: numberOf(), key: randomBytes(16), before: randomBytes(16) }
}

async function loggedIn () {
  const user = someone()
  await login(user, user.before)
  await login(user)
  return user
}

let counts
const rightPartition = key => Partitioners.DefaultPartitioner()({
  topic: PAYLOADS,
  partitionMetadata: Array.from({ length: counts }, (_, partitionId) => ({ partitionId, leader: 1 })),
  message: { key }
})
const wrongPartition = key => (rightPartition(key) + 1) % counts

// ---- what is published and what has to come of it

const expectations = []
const expect = (name, record, check) => expectations.push({ name, record, check })

async function click (name, user, value, check, options = {}) {
  const record = await publish(PAYLOADS, user.openid, value,
    { headers: { trace: name, 'wxphone.source': 'forged' }, ...options })
  expect(name, record, answer => {
    assert.equal(header(answer, 'trace'), name, 'received headers pass on')
    check(answer, record)
  })
  return record
}

async function past () {
  const timestamp = String(Date.now() - 5_000)
  const replayed = (name, more) => ({
    headers: { trace: name, 'wxphone.replayed-from': '2@17', 'wxphone.timestamp': timestamp, ...more }
  })
  const user = await loggedIn()
  await click('replayed', user, detail(encrypt(user.key, phone(user.number))), (answer, record) => {
    isProfile(user)(answer, record)
    assert.equal(header(answer, 'wxphone.replayed-from'), '2@17')
    assert.equal(answer.timestamp, timestamp)
  }, replayed('replayed', { 'wxphone.attempt': '3' }))
  await click('replayed in vain', user, 'x',
    isLetter('MALFORMED_PAYLOAD', 'never', 0, { attempt: '3', replayedFrom: '2@17', timestamp }),
    replayed('replayed in vain', { 'wxphone.attempt': '3' }))
  await click('no past at all', user, 'x', isLetter('MALFORMED_PAYLOAD', 'never', 0),
    { headers: { trace: 'no past at all', 'wxphone.attempt': '1001', 'wxphone.replayed-from': 'x' } })
}

const header = (message, name) => {
  const value = message.headers[name]
  assert.ok(!Array.isArray(value), `${name} is there once`)
  return value === undefined ? undefined : value.toString()
}

const answered = record =>
  until(() => answersOf(record).length > 0, () => 'there is no answer to ' + record.source)

/** Nothing orders the records of two topics: where it matters, this waits until the keys are read. */
async function readUpToHere (user) {
  const marker = await publish(SESSION_KEYS, user.openid, 'no session key')
  expect('marker', marker,
    answer => isLetter('MALFORMED_SESSION_KEY', 'never', 0, { withheld: true })(answer, marker))
  await answered(marker)
}

const isProfile = (user, changes = {}) => (answer, record) => {
  assert.equal(answer.topic, PROFILES, header(answer, 'wxphone.reason'))
  assert.equal(answer.key.toString(), user.openid)
  const { repairs, ...profile } = JSON.parse(answer.value)
  const { timestamp, ...others } = changes
  assert.equal(typeof profile.watermark.timestamp, 'number')
  assert.deepEqual({ ...profile, repairs: repairs ?? [] }, {
    openid: user.openid,
    unionid: user.unionid,
    appid: APPID,
    phoneNumber: user.number,
    purePhoneNumber: user.number,
    countryCode: '86',
    e164: '+86' + user.number,
    region: 'CN',
    numberType: 'MOBILE',
    watermark: { appid: APPID, timestamp: profile.watermark.timestamp },
    sessionKeyAge: 0,
    repairs: [],
    ...others
  })
  if (repairs !== undefined) assert.ok(repairs.length > 0, 'repairs is left out where there is none')
  for (const name of ['reason', 'detail', 'recovery', 'failed-at', 'attempt', 'keys-tried', 'withheld']) {
    assert.equal(header(answer, 'wxphone.' + name), undefined, name)
  }
}

const isLetter = (reason, recovery, keysTried, changes = {}) => (answer, record) => {
  assert.equal(answer.topic, DEAD_LETTERS)
  assert.equal(header(answer, 'wxphone.reason'), reason, header(answer, 'wxphone.detail'))
  assert.equal(header(answer, 'wxphone.recovery'), recovery)
  assert.equal(header(answer, 'wxphone.keys-tried'), String(keysTried))
  assert.equal(header(answer, 'wxphone.attempt'), changes.attempt ?? '1')
  assert.equal(header(answer, 'wxphone.replayed-from'), changes.replayedFrom)
  assert.match(header(answer, 'wxphone.detail'), /^\S.*\.$/)
  if (changes.timestamp) assert.equal(header(answer, 'wxphone.timestamp'), changes.timestamp)
  assert.match(header(answer, 'wxphone.timestamp'), /^\d{13}$/)
  const failedAt = Date.parse(header(answer, 'wxphone.failed-at'))
  assert.ok(Math.abs(failedAt - Date.now()) < 600_000, 'failed-at is an instant of now')
  assert.equal(header(answer, '__streams.errors.topic'), record.topic)
  assert.equal(header(answer, '__streams.errors.partition'), String(record.partition))
  assert.equal(header(answer, '__streams.errors.offset'), record.offset)
  assert.equal(header(answer, '__streams.errors.message'), header(answer, 'wxphone.detail'))
  assert.deepEqual(answer.key, record.key === null ? null : Buffer.from(record.key))
  const withheld = changes.withheld ?? false
  assert.deepEqual(answer.value, withheld ? null : record.value)
  assert.equal(header(answer, 'wxphone.withheld'), withheld ? String(record.value.length) : undefined)
}

async function profiles () {
  const plain = await loggedIn()
  await click('plain', plain, detail(encrypt(plain.key, phone(plain.number))), isProfile(plain))

  const fields = await loggedIn()
  await click('any order, a number for a code, text for a time, spaces',
    fields,
    detail(encrypt(fields.key,
      ` {"watermark" : {"timestamp":"${now()}","appid":"${APPID}","more":{}},"countryCode":86,\n` +
      `"purePhoneNumber":"${fields.number}","x":[1],"phoneNumber":"+86${fields.number}"}`)),
    isProfile(fields, { phoneNumber: '+86' + fields.number }))

  const foreign = await loggedIn()
  await click('foreign', foreign,
    detail(encrypt(foreign.key, phone('', {
      phoneNumber: '4930901820', purePhoneNumber: '30901820', countryCode: '49'
    }))),
    isProfile(foreign, {
      phoneNumber: '4930901820', purePhoneNumber: '30901820', countryCode: '49',
      e164: '+4930901820', region: 'DE', numberType: 'FIXED_LINE'
    }))

  const ahead = await loggedIn()
  await readUpToHere(ahead)
  await click('key ahead', ahead, detail(encrypt(ahead.before, phone(ahead.number))),
    isProfile(ahead, { sessionKeyAge: 1 }))

  const behind = someone()
  await login(behind, behind.before)
  await click('key behind', behind, detail(encrypt(behind.key, phone(behind.number))), isProfile(behind))
  await login(behind)

  const misplaced = await loggedIn()
  const record = await click('misplaced', misplaced, detail(encrypt(misplaced.key, phone(misplaced.number))),
    (answer, record) => {
      isProfile(misplaced)(answer, record)
      assert.equal(header(answer, 'wxphone.rerouted-from'), record.source)
    },
    { partition: wrongPartition(misplaced.openid) })
  record.rerouted = true

  const misplacedKey = someone()
  await login(misplacedKey, misplacedKey.key, {}, { partition: wrongPartition(misplacedKey.openid) })
  await click('misplaced session key', misplacedKey,
    detail(encrypt(misplacedKey.key, phone(misplacedKey.number))), isProfile(misplacedKey))

  const twice = await loggedIn()
  const value = detail(encrypt(twice.key, phone(twice.number)))
  await click('once', twice, value, isProfile(twice))
  await click('once more', twice, value, isProfile(twice))
}

async function repairs () {
  const repair = async (names, pattern, change) => {
    const user = await loggedIn()
    const made = encryptWith(pattern, user.key, () => phone(user.number, { salt: randomInt(1e9) }))
    const value = detail(made)
    await click('repair ' + names, user, change(value, made), isProfile(user, { repairs: names }))
  }
  const data = change => value => ({ ...value, encryptedData: change(value.encryptedData) })
  await repair(['percent-encoded'], /[+/]/, data(encodeURIComponent))
  await repair(['space-for-plus'], /\+/, data(text => text.replaceAll('+', ' ')))
  await repair(['url-safe'], /[+/]/, data(text => text.replaceAll('+', '-').replaceAll('/', '_')))
  await repair(['line-breaks'], /./, data(text => text.replace(/.{60}/g, '$&\r\n')))
  await repair(['missing-padding'], /=$/, data(text => text.replaceAll('=', '')))
  await repair(['iv-ignored'], /./, value => ({ ...value, iv: randomBytes(16).toString('base64') }))
  await repair(['iv-ignored'], /./, value => ({ ...value, iv: randomBytes(11).toString('base64') }))
  await repair(['url-safe', 'missing-padding'], /[+/].*=$/,
    value => ({ ...value, encryptedData: Buffer.from(value.encryptedData, 'base64').toString('base64url') }))
}

async function letters () {
  const letter = async (name, reason, recovery, keysTried, valueOf, user, options) => {
    user ??= await loggedIn()
    await click(name, user, valueOf(user), isLetter(reason, recovery, keysTried), options)
  }
  const sent = (change = {}) => user => detail(encrypt(user.key, phone(user.number, change)))

  const nobody = await publish(PAYLOADS, null, sent()(someone()))
  expect('no key', nobody, answer => isLetter('INVALID_OPENID', 'never', 0)(answer, nobody))
  const long = await publish(PAYLOADS, 'o'.repeat(513), sent()(someone()))
  expect('long key', long, answer => isLetter('INVALID_OPENID', 'never', 0)(answer, long))
  const notText = await publish(PAYLOADS, Buffer.from([0xc0, 0x80]), sent()(someone()))
  expect('key not UTF-8', notText, answer => isLetter('INVALID_OPENID', 'never', 0)(answer, notText))

  // Who claims to have been sent on already is not sent on again.
  const misplaced = await loggedIn()
  await letter('sent on in vain', 'WRONG_PARTITION', 'replay', 0, sent(), misplaced, {
    partition: wrongPartition(misplaced.openid),
    headers: {
      trace: 'sent on in vain',
      'wxphone.rerouted-from': `${PAYLOADS}-${rightPartition(misplaced.openid)}@999999`
    }
  })

  for (const [name, value] of Object.entries({
    null: null,
    empty: '',
    'not JSON': 'encryptedData=1',
    array: [],
    'duplicate fields': '{"encryptedData":"","encryptedData":"","iv":""}',
    'trailing bytes': '{"encryptedData":"","iv":""}x',
    'iv alone': { iv: 'AAAA' },
    numbers: { encryptedData: 1, iv: 2 },
    'UTF-16': Buffer.from('{"encryptedData":"","iv":""}', 'utf16le'),
    'bad UTF-8': Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]),
    deep: '{"x":' + '['.repeat(17) + ']'.repeat(17) + '}',
    large: { encryptedData: 'A'.repeat(64 * 1024), iv: '' }
  })) {
    await letter(name, 'MALFORMED_PAYLOAD', 'never', 0, () => value)
  }
  await letter('denied', 'USER_DENIED', 'click-again', 0, () => ({ errMsg: 'getPhoneNumber:fail user deny' }))
  await letter('cancelled', 'USER_DENIED', 'click-again', 0, () => ({ errMsg: 'getPhoneNumber:fail:user cancel' }))
  await letter('refused', 'WECHAT_REFUSED', 'never', 0, () => ({ errMsg: 'getPhoneNumber:fail no permission' }))
  await letter('privacy declined', 'USER_DENIED', 'click-again', 0,
    () => ({ errno: 104, errMsg: 'privacy permission is not authorized' }))
  await letter('not bound', 'PHONE_NOT_BOUND', 'click-again', 0,
    () => ({ errMsg: 'getPhoneNumber:fail 用户未绑定手机，请先在微信客户端进行绑定后重试' }))
  await letter('code only', 'CODE_ONLY', 'never', 0, () => ({ errMsg: 'getPhoneNumber:ok', code: 'c' }))
  await letter('no base64', 'MALFORMED_CIPHERTEXT', 'click-again', 0,
    user => ({ ...sent()(user), encryptedData: '***' }))
  await letter('no ciphertext', 'MALFORMED_CIPHERTEXT', 'click-again', 0,
    user => ({ ...sent()(user), encryptedData: '' }))
  await letter('no whole blocks', 'MALFORMED_CIPHERTEXT', 'click-again', 0, user => {
    const { data, iv } = encrypt(user.key, phone(user.number))
    return detail({ data: data.subarray(1), iv })
  })
  await letter('missing', 'SESSION_KEY_MISSING', 'replay', 0, sent(), someone())
  await letter('stale', 'SESSION_KEY_STALE', 'replay', 2, user => sent()({ ...user, key: randomBytes(16) }))
  const out = await loggedIn()
  await publish(SESSION_KEYS, out.openid, null)
  await readUpToHere(out)
  await letter('logged out', 'SESSION_KEY_MISSING', 'replay', 0, sent(), out)
  const another = user => ({ purePhoneNumber: user.number, ...phone(user.number) })
  await letter('wrong iv', 'IV_MISMATCH', 'click-again', 2,
    user => detail({ ...encrypt(user.key, another(user)), iv: randomBytes(16) }))
  await letter('short iv', 'MALFORMED_CIPHERTEXT', 'click-again', 2,
    user => detail({ ...encrypt(user.key, another(user)), iv: randomBytes(15) }))
  await letter('user info', 'MALFORMED_PLAINTEXT', 'never', 2, user => detail(encrypt(user.key,
    { openId: user.openid, nickName: '带', watermark: { appid: APPID, timestamp: now() } })))
  await letter('other app', 'SESSION_KEY_STALE', 'replay', 2,
    sent({ watermark: { appid: 'wx0123456789abcdef', timestamp: now() } }))
  await letter('other app named', 'APPID_MISMATCH', 'never', 2,
    user => ({ ...sent()(user), appid: 'wx0123456789abcdef' }))
  await letter('old', 'WATERMARK_EXPIRED', 'click-again', 2,
    sent({ watermark: { appid: APPID, timestamp: now() - 4 * DAY } }))
  await letter('ahead of its time', 'WATERMARK_EXPIRED', 'click-again', 2,
    sent({ watermark: { appid: APPID, timestamp: now() + 600 } }))
  await letter('too short', 'INVALID_PHONE_NUMBER', 'never', 2,
    sent({ phoneNumber: '110', purePhoneNumber: '110' }))
  await letter('two numbers', 'INVALID_PHONE_NUMBER', 'never', 2, sent({ phoneNumber: numberOf() + '0' }))

  const order = await loggedIn()
  await click('newer', order, sent()(order), isProfile(order))
  await letter('older', 'SUPERSEDED', 'never', 1,
    sent({ watermark: { appid: APPID, timestamp: now() - 60 } }), order)
}

async function sessionKeys () {
  for (const [name, value] of Object.entries({
    'no JSON': 'x',
    'no key': { appid: APPID, errcode: 40163 },
    'short key': { appid: APPID, session_key: randomBytes(15).toString('base64') },
    'no appid': { session_key: randomBytes(16).toString('base64') },
    "somebody else's": { appid: APPID, openid: openidOf(), session_key: randomBytes(16).toString('base64') }
  })) {
    const user = await loggedIn()
    const record = await publish(SESSION_KEYS, user.openid, value)
    expect('session key: ' + name, record,
      answer => isLetter('MALFORMED_SESSION_KEY', 'never', 0, { withheld: true })(answer, record))
    await click('the keys before it, ' + name, user, detail(encrypt(user.key, phone(user.number))),
      isProfile(user))
  }
}

async function forgotten () {
  const user = await loggedIn()
  const value = detail(encrypt(user.key, phone(user.number)))
  await answered(await click('before', user, value, isProfile(user)))
  const forget = await publish(SESSION_KEYS, user.openid, null, { headers: { 'wxphone.forget': '' } })
  expect('forgotten', forget, answer => {
    assert.equal(answer.topic, PROFILES)
    assert.equal(answer.key.toString(), user.openid)
    assert.equal(answer.value, null)
  })
}

// ---- reading back

const answers = new Map()
const copies = new Map()

async function reading () {
  const consumer = kafka.consumer({ groupId: prefix + 'interop' })
  await consumer.connect()
  await consumer.subscribe({ topics: [PROFILES, DEAD_LETTERS, PAYLOADS], fromBeginning: true })
  await consumer.run({
    eachMessage: async ({ topic, message }) => {
      if (topic === PAYLOADS) {
        const from = message.headers['wxphone.rerouted-from']
        if (from) copies.set(from.toString(), message)
        return
      }
      const source = message.headers['wxphone.source'].toString()
      answers.set(source, [...(answers.get(source) ?? []), { ...message, topic }])
    }
  })
  return consumer
}

/** The answer of a record that was sent on is that of its copy. */
function answersOf (record) {
  if (!record.rerouted) return answers.get(record.source) ?? []
  return [...answers.values()].flat()
    .filter(answer => copies.has(record.source) && header(answer, 'wxphone.rerouted-from') === record.source)
}

function checkCopy (record) {
  const copy = copies.get(record.source)
  assert.equal(copy.key.toString(), record.key)
  assert.deepEqual(copy.value, record.value)
  assert.match(header(copy, 'wxphone.timestamp'), /^\d{13}$/)
  assert.equal(header(copy, 'wxphone.source'), undefined, 'reserved headers are removed')
  assert.equal(header(copy, 'trace'), 'misplaced', 'others pass on')
}

async function until (condition, otherwise) {
  const end = Date.now() + PATIENCE_MS
  while (!condition()) {
    if (Date.now() > end) assert.fail(otherwise())
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

async function awaitAll () {
  const open = () => expectations.filter(({ record }) => answersOf(record).length === 0)
  await until(() => open().length === 0,
    () => 'without an answer: ' + open().map(({ name }) => name).join(', '))
}

function checkAll () {
  const wrong = []
  const answered = new Set()
  for (const { name, record, check } of expectations) {
    try {
      const [answer, ...more] = answersOf(record)
      assert.equal(more.length, 0, 'one answer and no more')
      answered.add(header(answer, 'wxphone.source'))
      check(answer, record)
      if (record.rerouted) checkCopy(record)
    } catch (e) {
      wrong.push(`${name}: ${e.message}`)
    }
  }
  assert.deepEqual(wrong, [])
  assert.deepEqual([...answers.keys()].filter(source => !answered.has(source)), [], 'nothing else')
}

async function main () {
  const admin = kafka.admin()
  await admin.connect()
  counts = (await admin.fetchTopicMetadata({ topics: [PAYLOADS] })).topics[0].partitions.length
  await admin.disconnect()
  await producer.connect()
  const consumer = await reading()
  try {
    await profiles()
    await repairs()
    await letters()
    await sessionKeys()
    await forgotten()
    await past()
    await awaitAll()
    checkAll()
    console.log(`${expectations.length} records, each with the answer it should have`)
  } finally {
    await consumer.disconnect()
    await producer.disconnect()
  }
}

main().catch(e => {
  console.error(e)
  process.exitCode = 1
})
