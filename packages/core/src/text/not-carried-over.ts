/** Why new lines can't be written for certain: a clause that follows "because". */
export class NotCarriedOver extends Error {}
