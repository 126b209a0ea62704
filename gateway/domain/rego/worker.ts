/** The thread that evaluates: one question at a time, each answered by one message; an error ends the thread. */
import { parentPort, workerData } from 'node:worker_threads'
import { instantiate } from './instance.ts'
import type { Answer, Question } from './thread.ts'

if (!parentPort) throw new Error('this file is the start of a worker thread')
const port = parentPort
const instance = await instantiate(workerData as WebAssembly.Module)

function answer(question: Question): Answer {
  for (const id of question.forget) instance.forget(id)
  if (question.ask === 'prepare') {
    return { error: instance.prepare(question.id, question.query, question.text) }
  }
  return { results: question.inputs.map((input) => instance.evaluate(question.id, input)) }
}

port.on('message', (question: Question) => port.postMessage(answer(question)))
port.postMessage('ready')
