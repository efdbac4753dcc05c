/** New lines can't be written with certainty. The message is a clause that follows "because". */
export class NotCarriedOver extends Error {}
