export { predicate, type Predicate } from './filter.ts'
export { totalOrder, type TotalOrder } from './order.ts'
export { slice, type Slice, type Window } from './window.ts'
export type * from './types.ts'
