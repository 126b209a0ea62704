import { LOGIN_RECORDS, USER_REF, isLabelValue } from '../names.ts'
import type { OperationScope } from '../operation.ts'
import { pageB, type ListQuery } from '../resources/index.ts'
import type { IamDeps, Page } from './index.ts'
import type { LoginRecord } from './types.ts'

/** Logins of one user, failed ones too; nobody's for a name that no label can hold. */
export async function loginRecordsOf(
  deps: IamDeps,
  scope: OperationScope,
  name: string,
  query: ListQuery,
): Promise<Page<LoginRecord>> {
  const store = await deps.host.caches.store(LOGIN_RECORDS, scope.signal)
  const own = isLabelValue(name) ? store.withLabel(USER_REF, name) : []
  return pageB(own, query, (object) => object as LoginRecord, scope)
}
