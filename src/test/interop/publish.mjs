import { Kafka, Partitioners } from 'kafkajs'

const kafka = new Kafka({ brokers: ['localhost:9092'] })
const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner })
await producer.connect()

// The login service, after jscode2session: answer = { openid, session_key, unionid }.
export const login = (appid, answer) => producer.send({
  topic: 'session-key',
  messages: [{ key: answer.openid, value: JSON.stringify({ appid, ...answer }) }]
})

// The backend: e.detail as the page got it, and a header of yours, which the answer carries too.
export const click = (openid, detail, id) => producer.send({
  topic: 'phone-payload',
  messages: [{ key: openid, value: JSON.stringify(detail), headers: { 'correlation-id': id } }]
})

export const close = () => producer.disconnect()
