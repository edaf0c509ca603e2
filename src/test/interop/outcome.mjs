import { randomUUID } from 'node:crypto'
import { Kafka } from 'kafkajs'
import { click } from './publish.mjs'

const PATIENCE = 15_000 // longer than wxphone.session.wait

// Each process reads all answers, from now on, and keeps to those of its own clicks.
const asked = new Map()
const consumer = new Kafka({ brokers: ['localhost:9092'] }).consumer({ groupId: `outcomes-${randomUUID()}` })
const reading = new Promise(resolve => consumer.on(consumer.events.FETCH, resolve))
await consumer.connect()
await consumer.subscribe({ topics: ['user-profile', 'dead-letter'] })
await consumer.run({
  eachMessage: async ({ topic, message }) => {
    const answer = asked.get(message.headers['correlation-id']?.toString())
    if (answer) answer(topic === 'user-profile' ? 'done' : 'click-again')
  }
})
await reading

// All that the page may know: 'done' or 'click-again'. The reason is for your logs.
export const outcome = async (openid, detail) => {
  const id = randomUUID()
  const answered = new Promise(resolve => {
    asked.set(id, resolve)
    setTimeout(resolve, PATIENCE, 'click-again').unref()
  })
  try {
    await click(openid, detail, id)
    return await answered
  } finally {
    asked.delete(id)
  }
}

export const leave = () => consumer.disconnect()
